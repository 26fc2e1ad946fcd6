package dev.penstock.session.turns;

import static dev.penstock.session.Answers.completed;
import static dev.penstock.session.Answers.deltas;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may end a turn, and how often (turns.md T-13, T-15, T-16). */
class FencingIT {
  private static TestDatabase database;
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** T-15. */
  @Test
  void aRepeatedFinishIsTheSameSuccess() {
    var turn = service.ask(service.createSession().id(), "Twice?");
    var finish = completed(1, 2, "Once.", deltas(turn.id(), 1, 1, "Once."));

    var first = service.finish(turn.id(), finish);
    var second = service.finish(turn.id(), finish);

    assertThat(second).isEqualTo(first).isInstanceOf(Finish.Result.Committed.class);
    assertThat(service.sessionOf(turn).messageCount()).isEqualTo(2);
  }

  /** T-15, T-16. */
  @Test
  void anotherTextOrAttemptIsFenced() {
    var turn = service.ask(service.createSession().id(), "Who?");
    service.finish(turn.id(), completed(1, 1, "Me."));

    assertThat(service.finish(turn.id(), completed(1, 1, "No, me.")))
        .isInstanceOf(Finish.Result.Fenced.class);
    assertThat(service.finish(turn.id(), completed(2, 1, "Me.")))
        .isInstanceOf(Finish.Result.Fenced.class);
    assertThat(service.output(turn.id()).text()).isEqualTo("Me.");
  }

  /** T-13: a claim raised the attempt; the old owner ends nothing and its late rows don't count. */
  @Test
  void anOwnerThatLostItsTurnIsFenced() {
    var turn = service.ask(service.createSession().id(), "Still mine?");
    service.flush(deltas(turn.id(), 1, 1, "Ye"));
    database.run(
        "UPDATE turn SET attempt = 2, bases = '{0,1}', owner_id = gen_random_uuid() WHERE id = '"
            + turn.id()
            + "'");

    service.flush(deltas(turn.id(), 1, 2, "s!"));
    var late = service.finish(turn.id(), completed(1, 3, "Yes!"));
    service.flush(deltas(turn.id(), 2, 2, "p."));

    assertThat(late).isInstanceOf(Finish.Result.Fenced.class);
    assertThat(service.turn(turn.id()).state()).isEqualTo(TurnState.STREAMING);
    assertThat(service.poll(turn.id(), 1, 0).rows())
        .containsExactly(deltas(turn.id(), 1, 1, "Ye"), deltas(turn.id(), 2, 2, "p."));
  }

  /** T-16: partial text is kept, and an end without text stores no message. */
  @Test
  void everyEndKeepsTheTextThatWasShown() {
    var broken = service.ask(service.createSession().id(), "Break");
    var silent = service.ask(service.createSession().id(), "Silence");
    var outcome =
        new TurnOutcome.Failed(
            Failure.of(FailureCode.UPSTREAM_FAILED, "The model server failed."), null, null);

    var kept = service.finish(broken.id(), Answers.finish(1, 2, "Half", outcome));
    var empty = service.finish(silent.id(), Answers.finish(1, 1, "", outcome));

    assertThat(((TerminalEvent.Failed) ((Finish.Result.Committed) kept).event()).messageId())
        .isEqualTo(service.output(broken.id()).messageId());
    assertThat(service.output(broken.id()).text()).isEqualTo("Half");
    assertThat(service.output(broken.id()).finishReason()).isNull();
    assertThat(((TerminalEvent.Failed) ((Finish.Result.Committed) empty).event()).messageId())
        .isNull();
    assertThat(service.turn(silent.id()).output()).isNull();
    assertThat(service.sessionOf(silent).messageCount()).isEqualTo(1);
  }

  /** T-13: a finish whose rows are another turn's writes nothing. */
  @Test
  void rowsOfAnotherTurnAreRefused() {
    var turn = service.ask(service.createSession().id(), "Mine");
    var other = service.ask(service.createSession().id(), "Other");

    var answer =
        service.send(
            "POST",
            "/turns/" + turn.id() + "/finish",
            completed(1, 2, "x", deltas(other.id(), 1, 1, "x")));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(service.turn(turn.id()).state()).isEqualTo(TurnState.ACCEPTED);
  }
}
