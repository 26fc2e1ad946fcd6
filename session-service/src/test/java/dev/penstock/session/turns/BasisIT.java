package dev.penstock.session.turns;

import static dev.penstock.session.Answers.completed;
import static dev.penstock.session.Answers.deltas;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Turns on an earlier one: regenerate and continue (native-api.md section 3). */
class BasisIT {
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aRegeneratedAnswerReplacesTheEarlierOneAmongTheMessages() {
    var session = service.createSession();
    var earlier = service.ask(session.id(), "Pick a number");
    service.finish(earlier.id(), completed(1, 1, "Four."));

    var assignment = accepted(Accepts.on(Accept.Basis.REGENERATE, earlier.id()));
    var whileRunning = messages(session.id());
    service.finish(assignment.turn().id(), completed(1, 1, "Seven."));

    assertThat(assignment.history()).containsExactly(new ChatMessage(Role.USER, "Pick a number"));
    assertThat(assignment.turn().regenerates()).isEqualTo(earlier.id());
    assertThat(assignment.turn().input()).isEqualTo(earlier.input());
    assertThat(whileRunning.data())
        .extracting(Message::text)
        .containsExactly("Pick a number", "Four.");
    assertThat(messages(session.id()).data())
        .extracting(Message::text)
        .containsExactly("Pick a number", "Seven.");
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2);
    assertThat(service.output(earlier.id()).text()).isEqualTo("Four.");
    // T-17: of regenerated answers only the newest goes to the model.
    assertThat(accepted(Accepts.question(session.id(), "Why?")).history())
        .containsExactly(
            new ChatMessage(Role.USER, "Pick a number"),
            new ChatMessage(Role.ASSISTANT, "Seven."),
            new ChatMessage(Role.USER, "Why?"));
  }

  @Test
  void aContinuationBeginsWithTheStoredPrefix() {
    var session = service.createSession();
    var earlier = service.ask(session.id(), "Count");
    service.finish(earlier.id(), lengthEnded("One, two"));

    var assignment = accepted(Accepts.on(Accept.Basis.CONTINUE, earlier.id()));
    var turn = assignment.turn();
    var begun = service.poll(turn.id(), 1, 0);
    service.flush(deltas(turn.id(), 1, 2, ", three"));
    service.finish(turn.id(), completed(1, 3, "One, two, three"));

    assertThat(assignment.prefix()).isEqualTo("One, two");
    assertThat(assignment.history())
        .containsExactly(
            new ChatMessage(Role.USER, "Count"), new ChatMessage(Role.ASSISTANT, "One, two"));
    assertThat(turn.lastSeq()).isEqualTo(1);
    assertThat(turn.continues()).isEqualTo(earlier.id());
    assertThat(begun.rows())
        .containsExactly(
            new LogRow(
                turn.id(),
                1,
                1,
                1,
                LogRow.Kind.SNAPSHOT,
                "{\"text\":\"One, two\",\"reason\":\"continue\"}"));
    assertThat(messages(session.id()).data())
        .extracting(Message::text)
        .containsExactly("Count", "One, two, three");
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2);
  }

  @Test
  void aRefusedContinuationStartsOverWithItsPrefix() {
    var session = service.createSession();
    var earlier = service.ask(session.id(), "Count");
    service.finish(earlier.id(), lengthEnded("One, two"));
    var again = Accepts.on(Accept.Basis.CONTINUE, earlier.id());
    var turn = accepted(again).turn();
    var refusal = Answers.refused(1);

    service.finish(turn.id(), Answers.finish(1, 2, "One, two", refusal.outcome()));
    var shownMeanwhile = messages(session.id());
    var restarted = accepted(again);
    service.flush(deltas(turn.id(), 2, 2, ", three"));

    assertThat(shownMeanwhile.data())
        .extracting(Message::text)
        .containsExactly("Count", "One, two");
    assertThat(restarted.prefix()).isEqualTo("One, two");
    assertThat(restarted.turn().bases()).containsExactly(0, 1);
    assertThat(service.poll(turn.id(), 1, 0).rows())
        .extracting(LogRow::seqTo)
        .containsExactly(1, 2);
  }

  @Test
  void isCheckedInTheStatedOrder() {
    var session = service.createSession();
    var first = service.ask(session.id(), "First");

    var whileActive = service.accept(Accepts.on(Accept.Basis.CONTINUE, first.id()));
    service.finish(first.id(), completed(1, 1, "Whole."));
    var second = service.ask(session.id(), "Second");
    service.finish(second.id(), completed(1, 1, "Whole too."));

    assertThat(((Accept.Result.Busy) whileActive).turnId()).isEqualTo(first.id());
    assertThat(code(Accept.Basis.REGENERATE, first)).isEqualTo(FailureCode.NOT_LAST_TURN);
    assertThat(code(Accept.Basis.CONTINUE, first)).isEqualTo(FailureCode.NOT_LAST_TURN);
    assertThat(code(Accept.Basis.CONTINUE, second)).isEqualTo(FailureCode.CANNOT_CONTINUE);
    assertThat(
            SessionServiceDriver.codeOf(
                service.accept(Accepts.on(Accept.Basis.CONTINUE, UUID.randomUUID()))))
        .isEqualTo(FailureCode.NOT_FOUND);
  }

  @Test
  void aTurnThatEndedWithoutTextCanBeRegeneratedButNotContinued() {
    var session = service.createSession();
    var turn = service.ask(session.id(), "Nothing");
    service.finish(turn.id(), Answers.finish(1, 1, "", new TurnOutcome.Cancelled(Answers.USAGE)));

    assertThat(code(Accept.Basis.CONTINUE, turn)).isEqualTo(FailureCode.CANNOT_CONTINUE);
    assertThat(accepted(Accepts.on(Accept.Basis.REGENERATE, turn.id())).history())
        .containsExactly(new ChatMessage(Role.USER, "Nothing"));
  }

  /** T-18 on a turn whose message is not its own. */
  @Test
  void aRefusedRegenerationLeavesTheConversationAsItWas() {
    var session = service.createSession();
    var earlier = service.ask(session.id(), "Stay");
    service.finish(earlier.id(), completed(1, 1, "I do."));

    var turn = accepted(Accepts.on(Accept.Basis.REGENERATE, earlier.id())).turn();
    service.finish(turn.id(), Answers.refused(1));

    assertThat(messages(session.id()).data())
        .extracting(Message::text)
        .containsExactly("Stay", "I do.");
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2);
    assertThat(service.turn(turn.id()).input()).isEqualTo(earlier.input());
  }

  private static FailureCode code(Accept.Basis kind, Turn turn) {
    return SessionServiceDriver.codeOf(service.accept(Accepts.on(kind, turn.id())));
  }

  private static Accept.Assignment accepted(Accept accept) {
    return ((Accept.Result.Accepted) service.accept(accept)).assignment();
  }

  private static Finish lengthEnded(String text) {
    return Answers.finish(
        1, 1, text, new TurnOutcome.Completed(FinishReason.LENGTH, Answers.USAGE, Answers.TIMINGS));
  }

  private static Message.Page messages(UUID session) {
    return service.get("/sessions/" + session + "/messages").as(Message.Page.class);
  }
}
