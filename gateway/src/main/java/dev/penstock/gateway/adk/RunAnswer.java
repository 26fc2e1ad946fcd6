package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.turns.Begun;
import dev.penstock.gateway.turns.CredentialEnd;
import dev.penstock.gateway.turns.ReconnectReason;
import dev.penstock.gateway.turns.TurnEnd;
import dev.penstock.gateway.turns.TurnFeed;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.gateway.turns.TurnsConfig;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Answers with a run: as a stream of events, or as the list of those that are not partial. */
final class RunAnswer {
  private static final long RETRY_MS = 1000;

  private final Turns turns;
  private final TurnsConfig config;

  RunAnswer(Turns turns, TurnsConfig config) {
    this.turns = turns;
    this.config = config;
  }

  /** Streams what was begun; the status line waits for the model's side, so that it can refuse. */
  void stream(RoutingContext ctx, RunRequest request, Begun begun) {
    switch (begun) {
      case Begun.Running(_, _, var feed, var door) -> stream(ctx, request, feed, door);
      case Begun.Existing(var turn, _) -> {
        if (failedSilently(turn)) {
          ended(ctx, request, turn);
        } else if (turn.state().isFinal()) {
          RunStream.head(ctx.response());
          ctx.response().end(RunStream.finalEvent(turn, request.session().app()));
        } else {
          turns
              .open(Caller.of(ctx), turn)
              .onSuccess(
                  feed -> stream(ctx, request, feed, Future.succeededFuture(Optional.empty())))
              .onFailure(ctx::fail);
        }
      }
    }
  }

  private void stream(
      RoutingContext ctx, RunRequest request, TurnFeed feed, Future<Optional<Failure>> door) {
    var caller = Caller.of(ctx);
    var stream =
        new RunStream(
            turns,
            config,
            feed,
            ctx.request(),
            CredentialEnd.of(ctx),
            request.session().app(),
            request.streaming(),
            () -> turns.ended(caller, feed));
    door.onSuccess(
        refusal ->
            refusal.ifPresentOrElse(
                failure -> {
                  stream.dismiss();
                  ctx.fail(failure.asException());
                },
                stream::open));
  }

  /** Answers with what was begun once it has ended. */
  void whole(RoutingContext ctx, RunRequest request, Begun begun) {
    switch (begun) {
      case Begun.Running(_, _, var feed, _) -> whole(ctx, request, feed);
      case Begun.Existing(var turn, _) -> {
        if (turn.state().isFinal()) {
          ended(ctx, request, turn);
        } else {
          turns
              .open(Caller.of(ctx), turn)
              .onSuccess(feed -> whole(ctx, request, feed))
              .onFailure(ctx::fail);
        }
      }
    }
  }

  private void whole(RoutingContext ctx, RunRequest request, TurnFeed feed) {
    turns
        .end(feed, ctx.response())
        .onSuccess(
            end -> {
              switch (end) {
                case TurnEnd.SentAway(var reason) -> ctx.fail(sentAway(reason).asException());
                case TurnEnd.Committed(TerminalEvent.Failed failed, var known)
                    when failed.messageId() == null && known != null ->
                    ctx.fail(known.asException());
                case TurnEnd.Committed _ ->
                    turns
                        .ended(Caller.of(ctx), feed)
                        .onSuccess(turn -> ended(ctx, request, turn))
                        .onFailure(ctx::fail);
              }
            });
  }

  private static void ended(RoutingContext ctx, RunRequest request, Turn turn) {
    var error = turn.error();
    if (failedSilently(turn) && error != null) {
      ctx.fail(new Failure(error.code(), error.detail(), error.retryable(), null).asException());
    } else {
      var events = JsonNodeFactory.instance.arrayNode();
      Replies.send(ctx, events.add(EventJson.of(Finished.of(turn), request.session().app())));
    }
  }

  /** Whether a turn failed without a word that would be worth an event. */
  static boolean failedSilently(Turn turn) {
    return turn.state() == TurnState.FAILED && turn.output() == null && turn.error() != null;
  }

  /** Why the end cannot be waited for here. */
  static Failure sentAway(ReconnectReason reason) {
    return reason == ReconnectReason.STORE_UNAVAILABLE
        ? Failure.retryAfter(
            FailureCode.STORE_UNAVAILABLE,
            "The answer cannot be stored now; look at the session again.",
            RETRY_MS)
        : Failure.retryAfter(
            FailureCode.DRAINING,
            "This instance is shutting down; look at the session again.",
            RETRY_MS);
  }
}
