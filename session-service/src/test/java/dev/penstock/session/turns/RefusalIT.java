package dev.penstock.session.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Refused at the door, and started over under the same key (turns.md T-18, T-19). */
class RefusalIT {
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

  /** T-18. */
  @Test
  void aRefusalFreesTheSessionAndWithdrawsTheMessage() {
    var session = service.createSession();
    var turn = service.ask(session.id(), "Too many");

    var result = service.finish(turn.id(), Answers.refused(1));

    var event = (TerminalEvent.Failed) ((Finish.Result.Committed) result).event();
    assertThat(event.code()).isEqualTo(FailureCode.QUEUE_FULL);
    assertThat(event.messageId()).isNull();
    var refused = service.turn(turn.id());
    assertThat(refused.state()).isEqualTo(TurnState.FAILED);
    assertThat(refused.input().messageId()).isNull();
    assertThat(refused.input().text()).isEqualTo("Too many");
    assertThat(Objects.requireNonNull(refused.error()).retryable()).isTrue();
    assertThat(service.poll(turn.id(), 1, 0).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.seqTo()).isEqualTo(1));
    var after = service.session(session.id());
    assertThat(after.activeTurnId()).isNull();
    assertThat(after.messageCount()).isZero();
    assertThat(after.version()).isEqualTo(3);
    assertThat(messages(session.id()).data()).isEmpty();
  }

  /** T-19: 1 winner, the others attach. */
  @Test
  void theSameKeyStartsItOverOnce() throws Exception {
    var session = service.createSession();
    var accept = Accepts.question(session.id(), "Again", "again");
    var first = ((Accept.Result.Accepted) service.accept(accept)).assignment();
    service.finish(first.turn().id(), Answers.refused(1));

    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          IntStream.range(0, 8)
              .<Callable<Accept.Result>>mapToObj(_ -> () -> service.accept(accept))
              .toList();
      var winners = 0;
      for (var result : callers.invokeAll(calls)) {
        switch (result.get()) {
          case Accept.Result.Accepted(var assignment, var replayed) -> {
            winners++;
            assertThat(replayed).isTrue();
            assertThat(assignment.history()).isEqualTo(first.history());
            assertThat(assignment.turn().attempt()).isEqualTo(2);
          }
          case Accept.Result.Existing(var turn) -> assertThat(turn.attempt()).isEqualTo(2);
          default -> throw new AssertionError(result.get());
        }
      }
      assertThat(winners).isEqualTo(1);
    }
    var turn = service.turn(first.turn().id());
    assertThat(turn.id()).isEqualTo(first.turn().id());
    assertThat(turn.bases()).containsExactly(0, 0);
    assertThat(turn.state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(turn.input().messageId()).isEqualTo(first.turn().input().messageId());
    assertThat(turn.error()).isNull();
    assertThat(service.poll(turn.id(), 1, 0).rows()).isEmpty();
    assertThat(service.session(session.id()).messageCount()).isEqualTo(1);
  }

  /** T-19. */
  @Test
  void theRestartedTurnGoesOnUnderItsNewAttempt() {
    var session = service.createSession();
    var accept = Accepts.question(session.id(), "Third time", "third");
    var turn = ((Accept.Result.Accepted) service.accept(accept)).assignment().turn();
    service.finish(turn.id(), Answers.refused(1));
    service.accept(accept);

    var late = service.finish(turn.id(), Answers.refused(1));
    service.flush(Answers.deltas(turn.id(), 2, 1, "It ", "works."));
    service.finish(turn.id(), Answers.completed(2, 3, "It works."));

    assertThat(late).isInstanceOf(Finish.Result.Fenced.class);
    assertThat(service.output(turn.id()).text()).isEqualTo("It works.");
    assertThat(service.poll(turn.id(), 1, 0).rows())
        .allSatisfy(row -> assertThat(row.attempt()).isEqualTo(2));
    assertThat(messages(session.id()).data()).hasSize(2);
  }

  /** T-19. */
  @Test
  void laterTheStoredFailureIsAnswered() {
    var overtaken = service.createSession();
    var first = Accepts.question(overtaken.id(), "Overtaken", "overtaken");
    service.finish(asked(first), Answers.refused(1));
    service.finish(service.ask(overtaken.id(), "Newer").id(), Answers.completed(1, 1, "ok"));
    var aged = service.createSession();
    var second = Accepts.question(aged.id(), "Aged", "aged");
    var old = asked(second);
    service.finish(old, Answers.refused(1));
    database.run(
        "UPDATE turn SET created_at = created_at - interval '16 minutes' WHERE id = '" + old + "'");

    assertThat(service.accept(first)).isInstanceOf(Accept.Result.Existing.class);
    assertThat(service.accept(second)).isInstanceOf(Accept.Result.Existing.class);
    assertThat(service.turn(old).state()).isEqualTo(TurnState.FAILED);
  }

  private static UUID asked(Accept accept) {
    return ((Accept.Result.Accepted) service.accept(accept)).assignment().turn().id();
  }

  private static Message.Page messages(UUID session) {
    return service.get("/sessions/" + session + "/messages").as(Message.Page.class);
  }
}
