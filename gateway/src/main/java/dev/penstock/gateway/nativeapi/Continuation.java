package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.store.PageRequest;
import dev.penstock.gateway.store.TurnStore;
import io.vertx.core.Future;
import java.util.UUID;

/** Whether a turn's model goes on with an answer instead of starting over (turns.md T-24). */
final class Continuation {
  private static final PageRequest NEWEST = new PageRequest(1, null, PageRequest.Order.DESC);

  private final TurnStore store;
  private final Models models;

  Continuation(TurnStore store, Models models) {
    this.store = store;
    this.models = models;
  }

  /**
   * Completes if it does; a model that was never loaded is asked first.
   *
   * @return fails with {@code turn_in_progress}, {@code not_last_turn} or {@code cannot_continue},
   *     checked in this order
   */
  Future<Void> require(Caller caller, UUID id) {
    return store
        .turn(caller, id)
        .compose(
            turn ->
                continues(turn.model())
                    .compose(
                        continues -> continues ? Future.succeededFuture() : refused(caller, turn)));
  }

  private Future<Boolean> continues(String model) {
    var known = models.find(model).map(served -> served.continues());
    return known.isPresent()
        ? Future.succeededFuture(known.get())
        : models.probe(model).map(probed -> Boolean.TRUE.equals(probed.continues()));
  }

  private Future<Void> refused(Caller caller, Turn turn) {
    var session = turn.sessionId();
    if (session == null) {
      return Future.failedFuture(cannotContinue());
    }
    return store
        .session(caller, session)
        .compose(
            known ->
                known.activeTurnId() != null
                    ? Future.failedFuture(inProgress(known.activeTurnId()))
                    : store.turns(caller, session, NEWEST))
        .compose(
            page ->
                Future.failedFuture(
                    page.data().getFirst().id().equals(turn.id())
                        ? cannotContinue()
                        : Failure.of(
                                FailureCode.NOT_LAST_TURN,
                                "Only the session's last turn can be continued.")
                            .asException()));
  }

  private static RuntimeException inProgress(UUID active) {
    return Problems.about(
        Failure.of(
            FailureCode.TURN_IN_PROGRESS, "The session answers another turn; wait or cancel it."),
        active);
  }

  private static RuntimeException cannotContinue() {
    return Failure.of(
            FailureCode.CANNOT_CONTINUE,
            "The model would start its answer over; regenerate it instead.")
        .asException();
  }
}
