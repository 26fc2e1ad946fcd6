package dev.penstock.session.turns;

import static dev.penstock.session.Answers.deltas;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Dead owners (turns.md T-20, T-22, T-23, T-34). Time is the database's, so the tests move its rows
 * instead of waiting.
 */
class OrphanIT {
  private static final Duration SOON = Duration.ofSeconds(5);

  private static TestDatabase database;
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
    liveFor(60);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** T-23. */
  @Test
  void theTurnOfADeadOwnerIsInterruptedWithItsStoredText() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Die");
    service.flush(deltas(turn.id(), 1, 1, "So f"), deltas(turn.id(), 1, 2, "ar"));

    dies(gateway, 9);
    awaitState(turn, TurnState.INTERRUPTED);

    var ended = service.turn(turn.id());
    assertThat(ended.attempt()).isEqualTo(2);
    assertThat(ended.bases()).containsExactly(0, 2);
    assertThat(service.output(turn.id()).text()).isEqualTo("So far");
    assertThat(service.output(turn.id()).sha256()).isEqualTo(Answers.sha256("So far"));
    assertThat(Objects.requireNonNull(service.output(turn.id()).usage()).estimated()).isTrue();
    var rows = service.poll(turn.id(), 1, 2).rows();
    assertThat(rows)
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.kind()).isEqualTo(LogRow.Kind.TERMINAL);
              assertThat(row.attempt()).isEqualTo(2);
              assertThat(row.seqTo()).isEqualTo(3);
            });
    assertThat(service.finish(turn.id(), Answers.completed(1, 3, "So far")))
        .isInstanceOf(Finish.Result.Fenced.class);
    assertThat(service.sessionOf(turn).activeTurnId()).isNull();
  }

  /** T-23: what lies behind a hole was never shown and does not count. */
  @Test
  void onlyTextWithoutAHoleIsKept() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Hole");
    service.flush(deltas(turn.id(), 1, 1, "a", "b"), deltas(turn.id(), 1, 4, "d"));

    dies(gateway, 9);
    awaitState(turn, TurnState.INTERRUPTED);

    assertThat(service.output(turn.id()).text()).isEqualTo("ab");
  }

  /** T-20, T-23: neither a living owner nor one just gone is touched. */
  @Test
  void nobodyIsCalledDeadTooEarly() {
    var living = UUID.randomUUID();
    service.renew(living);
    var running = owned(living, "Alive");
    var gone = UUID.randomUUID();
    service.renew(gone);
    var waiting = owned(gone, "Just gone");
    dies(gone, 4);
    var dead = UUID.randomUUID();
    service.renew(dead);
    var ended = owned(dead, "Dead");
    dies(dead, 9);

    awaitState(ended, TurnState.INTERRUPTED);

    assertThat(service.turn(running.id()).state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(service.turn(waiting.id()).state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(service.turn(running.id()).ownerAlive()).isTrue();
    assertThat(service.turn(waiting.id()).ownerAlive()).isFalse();
  }

  /** T-27's release: the turns of an instance that gave its lease up are orphans from then on. */
  @Test
  void aReleasedTurnIsClosedIfNobodyAdoptsIt() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Hand over");
    service.flush(deltas(turn.id(), 1, 1, "Half"));

    service.send("DELETE", "/instances/" + gateway + "/lease", null);
    var released = service.turn(turn.id());
    database.run(
        "UPDATE turn SET released_at = released_at - interval '9 seconds' WHERE id = '"
            + turn.id()
            + "'");
    awaitState(turn, TurnState.INTERRUPTED);

    assertThat(released.owner()).isNull();
    assertThat(service.output(turn.id()).text()).isEqualTo("Half");
  }

  /** T-7, T-18: what still waited at its deadline is refused, not interrupted. */
  @Test
  void anOrphanThatWaitedPastItsDeadlineIsRefused() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Wait");
    database.run(
        "UPDATE turn SET deadline = clock_timestamp() - interval '1 second' WHERE id = '"
            + turn.id()
            + "'");

    dies(gateway, 9);
    awaitState(turn, TurnState.FAILED);

    var refused = service.turn(turn.id());
    assertThat(Objects.requireNonNull(refused.error()).code()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
    assertThat(refused.input().messageId()).isNull();
  }

  /** T-34: the owner is dead, so that nobody else would end it. */
  @Test
  void cancelEndsTheTurnOfADeadOwnerFromTheLog() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Stop");
    service.flush(deltas(turn.id(), 1, 1, "Stop", "ped"));
    dies(gateway, 1);

    var cancelled = cancel(turn);
    var twice = cancel(turn);

    assertThat(cancelled.state()).isEqualTo(TurnState.CANCELLED);
    assertThat(service.output(turn.id()).text()).isEqualTo("Stopped");
    assertThat(twice).isEqualTo(cancelled);
  }

  /** T-34: a living owner hears of it with its next renewal. */
  @Test
  void cancelMarksTheTurnOfALivingOwner() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Go on");

    var marked = cancel(turn);
    var renewal = service.renew(gateway, turn.id());

    assertThat(marked.state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(marked.cancelRequested()).isTrue();
    assertThat(renewal.cancel()).containsExactly(turn.id());
  }

  /** T-35. */
  @Test
  void interruptingMarksTheActiveTurnAndAnswersBusy() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "First");
    var next = Accepts.interrupting(Accepts.question(service.sessionOf(turn).id(), "Second"));

    var busy = service.accept(next);
    var marked = service.turn(turn.id());
    dies(gateway, 1);
    var ending = service.accept(next);
    var accepted = service.accept(next);

    assertThat(busy).isEqualTo(new Accept.Result.Busy(turn.id()));
    assertThat(marked.cancelRequested()).isTrue();
    assertThat(ending).isEqualTo(new Accept.Result.Busy(turn.id()));
    assertThat(accepted).isInstanceOf(Accept.Result.Accepted.class);
    assertThat(service.turn(turn.id()).state()).isEqualTo(TurnState.CANCELLED);
  }

  /** T-22: after an outage every lease has run out, and ours has only just come back. */
  @Test
  void aProcessThatOnlyJustLivesEndsNothing() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    var turn = owned(gateway, "Outage");
    try {
      liveFor(-30);
      dies(gateway, 60);

      var marked = cancel(turn);

      assertThat(marked.state()).isEqualTo(TurnState.ACCEPTED);
      assertThat(marked.cancelRequested()).isTrue();
    } finally {
      liveFor(60);
    }
    awaitState(turn, TurnState.CANCELLED);
  }

  private static Turn owned(UUID gateway, String text) {
    var session = service.createSession();
    var turn = service.ask(session.id(), text);
    database.run("UPDATE turn SET owner_id = '" + gateway + "' WHERE id = '" + turn.id() + "'");
    return turn;
  }

  private static void dies(UUID gateway, int secondsAgo) {
    database.run(
        "UPDATE instance SET lease_until = clock_timestamp() - interval '"
            + secondsAgo
            + " seconds' WHERE id = '"
            + gateway
            + "'");
  }

  private static void liveFor(int seconds) {
    database.run(
        "UPDATE instance SET alive_since = clock_timestamp() - interval '"
            + seconds
            + " seconds' WHERE kind = 'session-service'");
  }

  private static Turn cancel(Turn turn) {
    return service.send("POST", "/turns/" + turn.id() + "/cancel", null).as(Turn.class);
  }

  private static void awaitState(Turn turn, TurnState state) {
    await().atMost(SOON).until(() -> service.turn(turn.id()).state() == state);
  }
}
