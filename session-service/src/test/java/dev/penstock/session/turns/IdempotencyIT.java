package dev.penstock.session.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Session;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One key, one turn (turns.md T-4, T-5). */
class IdempotencyIT {
  private static final int ROUNDS = 150;
  private static final int CALLERS = 8;

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

  /** T-5. */
  @Test
  void theSameKeyAttachesToTheTurnRunningOrFinished() {
    var session = service.createSession();
    var accept = Accepts.question(session.id(), "Once", "once");
    var turn = ((Accept.Result.Accepted) service.accept(accept)).assignment().turn();

    var running = service.accept(accept);
    service.finish(turn.id(), Answers.completed(1, 1, "Yes."));
    var finished = service.accept(accept);

    assertThat(((Accept.Result.Existing) running).turn().id()).isEqualTo(turn.id());
    assertThat(((Accept.Result.Existing) finished).turn()).isEqualTo(service.turn(turn.id()));
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2);
  }

  /** T-5. */
  @Test
  void anotherRequestUnderAUsedKeyIsRefused() {
    var session = service.createSession();
    service.accept(Accepts.question(session.id(), "First", "taken"));

    var sameSession = service.accept(Accepts.question(session.id(), "Second", "taken"));
    var otherSession =
        service.accept(Accepts.question(service.createSession().id(), "First", "taken"));
    var create =
        new Session.Create(
            null, null, null, null, null, GenerationOptions.NONE, Map.of(), "taken", "hash");
    var asSession = service.send("POST", "/sessions", create);

    assertThat(SessionServiceDriver.codeOf(sameSession))
        .isEqualTo(FailureCode.IDEMPOTENCY_KEY_REUSED);
    assertThat(SessionServiceDriver.codeOf(otherSession))
        .isEqualTo(FailureCode.IDEMPOTENCY_KEY_REUSED);
    assertThat(asSession.status()).isEqualTo(422);
    assertThat(asSession.code()).isEqualTo("idempotency_key_reused");
  }

  /** T-5. */
  @Test
  void aKeyIsFreeAgainAfterADayOrWithItsSession() {
    var session = service.createSession();
    var old = service.accept(Accepts.question(session.id(), "Old", "day"));
    service.finish(
        ((Accept.Result.Accepted) old).assignment().turn().id(), Answers.completed(1, 1, "Yes."));
    var deleted = service.createSession();
    service.accept(Accepts.question(deleted.id(), "Gone", "deleted"));

    database.run(
        "UPDATE request_key SET created_at = created_at - interval '25 hours'"
            + " WHERE client_key = 'day'");
    service.send("DELETE", "/sessions/" + deleted.id(), null);

    assertThat(service.accept(Accepts.question(session.id(), "New", "day")))
        .isInstanceOf(Accept.Result.Accepted.class);
    assertThat(service.accept(Accepts.question(service.createSession().id(), "New", "deleted")))
        .isInstanceOf(Accept.Result.Accepted.class);
  }

  /** T-5; nothing is stored and no key used up by what was refused. */
  @Test
  void aRefusedRequestUsesUpNoKey() {
    var session = service.createSession();
    var running = service.ask(session.id(), "Running");

    var busy = service.accept(Accepts.question(session.id(), "Later", "later"));
    service.finish(running.id(), Answers.completed(1, 1, "Done."));
    var accepted = service.accept(Accepts.question(session.id(), "Later", "later"));

    assertThat(((Accept.Result.Busy) busy).turnId()).isEqualTo(running.id());
    assertThat(accepted).isInstanceOf(Accept.Result.Accepted.class);
  }

  /** T-5, T-19: whoever may begin nothing new still finds what the key began. */
  @Test
  void aKeyLeadsToItsTurnThoughNothingNewMayBegin() {
    var refusal = Failure.of(FailureCode.RATE_LIMITED, "Used up.");
    var session = service.createSession();
    var accept = Accepts.question(session.id(), "Once", "limited");
    var chained = Accepts.chained(null, new ChatMessage(Role.USER, "Once"));
    var turn = ((Accept.Result.Accepted) service.accept(accept)).assignment().turn();

    var running = service.accept(accept.refusedWith(refusal));
    service.finish(turn.id(), Answers.refused(1));
    var started = service.accept(accept.refusedWith(refusal));
    var fresh = service.accept(Accepts.question(session.id(), "New").refusedWith(refusal));
    var freshlyChained = service.accept(chained.refusedWith(refusal));

    assertThat(((Accept.Result.Existing) running).turn().id()).isEqualTo(turn.id());
    for (var refused : List.of(started, fresh, freshlyChained)) {
      assertThat(refused).isEqualTo(new Accept.Result.Refused(refusal));
    }
    assertThat(service.turn(turn.id()).attempt()).isEqualTo(1);
    assertThat(service.session(session.id()).messageCount()).isZero();
    assertThat(service.accept(accept)).isInstanceOf(Accept.Result.Accepted.class);
  }

  /** T-3 to T-5: half of the callers share a key, the others have their own. */
  @Test
  void ofManySimultaneousRequestsExactlyOneWinsInEveryRound() throws Exception {
    var session = service.createSession();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var round = 0; round < ROUNDS; round++) {
        var shared = "shared-" + round;
        var calls =
            java.util.stream.IntStream.range(0, CALLERS)
                .<Callable<Accept.Result>>mapToObj(
                    caller ->
                        () ->
                            service.accept(
                                caller % 2 == 0
                                    ? Accepts.question(session.id(), "Shared", shared)
                                    : Accepts.question(session.id(), "Own " + caller)))
                .toList();
        var results = callers.invokeAll(calls);

        var winners = new HashSet<UUID>();
        var accepted = 0;
        for (var result : results) {
          switch (result.get()) {
            case Accept.Result.Accepted(var assignment, var _) -> {
              accepted++;
              winners.add(assignment.turn().id());
            }
            case Accept.Result.Existing(var turn) -> winners.add(turn.id());
            case Accept.Result.Busy(var turn) -> winners.add(turn);
            case Accept.Result.Refused(var failure) ->
                throw new AssertionError("refused: " + failure);
          }
        }
        assertThat(accepted).isEqualTo(1);
        assertThat(winners).hasSize(1);
        service.finish(winners.iterator().next(), Answers.completed(1, 1, "ok"));
      }
    }
    var ordinals =
        database.column("SELECT count(*) FROM message WHERE session_id = '" + session.id() + "'");
    assertThat(ordinals).isEqualTo(List.of(Integer.toString(2 * ROUNDS)));
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2 * ROUNDS);
    assertThat(service.session(session.id()).version()).isEqualTo(1 + 2 * ROUNDS);
  }
}
