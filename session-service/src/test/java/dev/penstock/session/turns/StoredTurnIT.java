package dev.penstock.session.turns;

import static dev.penstock.session.Answers.completed;
import static dev.penstock.session.Answers.deltas;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A turn from accept to its end, as its owner and its readers see it. */
class StoredTurnIT {
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** T-3, T-6. */
  @Test
  void acceptStoresTurnAndMessageAndGivesTheOwnerItsPrompt() {
    var session = service.createSession("Be brief.");

    var result = service.accept(Accepts.question(session.id(), "What do red pandas eat?"));

    var assignment = ((Accept.Result.Accepted) result).assignment();
    assertThat(assignment.history())
        .containsExactly(
            new ChatMessage(Role.SYSTEM, "Be brief."),
            new ChatMessage(Role.USER, "What do red pandas eat?"));
    var turn = service.turn(assignment.turn().id());
    assertThat(turn.id().version()).isEqualTo(7);
    assertThat(turn.state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(turn.owner()).isEqualTo(Accepts.GATEWAY);
    assertThat(turn.bases()).containsExactly(0);
    assertThat(turn)
        .usingRecursiveComparison()
        .ignoringFields("ownerAlive")
        .isEqualTo(assignment.turn());
    assertThat(service.session(session.id()).activeTurnId()).isEqualTo(turn.id());
    assertThat(service.session(session.id()).version()).isEqualTo(2);
    assertThat(service.session(session.id()).title()).isEqualTo("What do red pandas eat?");
  }

  /** T-10, T-13, T-16. */
  @Test
  void warningsOfTheGenerationJoinThoseOfTheRequest() {
    var turn = service.ask(service.createSession().id(), "Hi");
    var warning = new Turn.Warning("budget_exhausted", "The answer was cut.");
    var end = Answers.completed(1, 1, "Yes.");
    var finish =
        new Finish(
            end.instance(),
            end.attempt(),
            end.rows(),
            end.terminalSeq(),
            end.outcome(),
            end.text(),
            end.sha256(),
            List.of(warning));

    service.finish(turn.id(), finish);
    service.finish(turn.id(), finish);

    assertThat(service.turn(turn.id()).warnings()).containsExactly(warning);
  }

  @Test
  void theAnswerIsReadableFromTheLogAndThenAsMessage() {
    var session = service.createSession();
    var turn = service.ask(session.id(), "And what else?");
    service.flush(deltas(turn.id(), 1, 1, "Bam", "boo,"));

    var streaming = service.poll(turn.id(), 1, 0);
    var result =
        service.finish(
            turn.id(), completed(1, 4, "Bamboo, mostly.", deltas(turn.id(), 1, 3, " mostly.")));

    assertThat(streaming.state()).isEqualTo(TurnState.STREAMING);
    assertThat(streaming.lastSeq()).isEqualTo(2);
    assertThat(streaming.rows()).containsExactly(deltas(turn.id(), 1, 1, "Bam", "boo,"));
    var event = (TerminalEvent.Completed) ((Finish.Result.Committed) result).event();
    var ended = service.poll(turn.id(), 1, 2);
    assertThat(ended.rows())
        .extracting(LogRow::kind)
        .containsExactly(LogRow.Kind.DELTAS, LogRow.Kind.TERMINAL);
    assertThat(ended.lastSeq()).isEqualTo(4);
    var stored = service.turn(turn.id());
    assertThat(stored.state()).isEqualTo(TurnState.COMPLETED);
    assertThat(stored.owner()).isNull();
    var output = service.output(turn.id());
    assertThat(output.text()).isEqualTo("Bamboo, mostly.");
    assertThat(output.messageId()).isEqualTo(event.messageId());
    assertThat(output.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(output.sha256()).isEqualTo(Answers.sha256("Bamboo, mostly."));
    var after = service.session(session.id());
    assertThat(after.activeTurnId()).isNull();
    assertThat(after.messageCount()).isEqualTo(2);
    assertThat(after.version()).isEqualTo(3);
  }
}
