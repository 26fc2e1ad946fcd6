package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Position;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.turns.Begun;
import dev.penstock.gateway.turns.ReconnectReason;
import dev.penstock.gateway.turns.TurnEnd;
import dev.penstock.gateway.turns.TurnFeed;
import dev.penstock.gateway.turns.Turns;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers with a turn in the form the caller chose (native-api.md section 3). */
final class TurnAnswer {
  private static final long RETRY_MS = 1000;

  private final Turns turns;
  private final EventStream events;

  TurnAnswer(Turns turns, EventStream events) {
    this.turns = turns;
    this.events = events;
  }

  /**
   * Answers a request that began a turn, or found the one its key had begun.
   *
   * @param ownKey whether the client itself sent the key
   */
  void begun(RoutingContext ctx, TurnForm form, Begun begun, boolean ownKey) {
    if (begun.replayed() && ownKey) {
      TurnHeaders.replayed(ctx.response());
    }
    switch (begun) {
      case Begun.Running(var turn, _, var feed, var door) -> {
        switch (form) {
          case LATER -> later(ctx, turn);
          case WHOLE -> whole(ctx, turn.id(), feed);
          case STREAM -> events.begin(ctx, feed, door);
        }
      }
      case Begun.Existing(var turn, var door) ->
          door.onSuccess(
              refusal -> {
                if (refusal.isPresent() && form == TurnForm.STREAM) {
                  ctx.fail(Problems.about(refusal.get(), turn.id()));
                } else {
                  existing(ctx, form, turn, null);
                }
              });
    }
  }

  /**
   * Answers with a turn that exists.
   *
   * @param position the last event the client has; null for none
   */
  void existing(RoutingContext ctx, TurnForm form, Turn turn, @Nullable Position position) {
    switch (form) {
      case LATER -> later(ctx, turn);
      case WHOLE -> {
        if (turn.state().isFinal()) {
          ended(ctx, turn);
        } else {
          turns
              .open(Caller.of(ctx), turn)
              .onSuccess(feed -> whole(ctx, turn.id(), feed))
              .onFailure(ctx::fail);
        }
      }
      case STREAM -> {
        if (position == null && wasRefused(turn)) {
          ended(ctx, turn);
        } else {
          TurnHeaders.turn(ctx.response(), turn.id());
          events.resume(ctx, turn, position);
        }
      }
    }
  }

  private static void later(RoutingContext ctx, Turn turn) {
    TurnHeaders.later(ctx.response());
    send(ctx, 202, turn);
  }

  private void whole(RoutingContext ctx, UUID turn, TurnFeed feed) {
    turns.end(feed, ctx.response()).onSuccess(end -> whole(ctx, turn, feed, end));
  }

  private void whole(RoutingContext ctx, UUID turn, TurnFeed feed, TurnEnd end) {
    switch (end) {
      case TurnEnd.SentAway(var reason) -> ctx.fail(Problems.about(sentAway(reason), turn));
      case TurnEnd.Committed(TerminalEvent.Failed failed, var known) ->
          ctx.fail(Problems.about(known != null ? known : failure(failed), turn));
      case TurnEnd.Committed _ ->
          turns
              .ended(Caller.of(ctx), feed)
              .onSuccess(stored -> ended(ctx, stored))
              .onFailure(cause -> ctx.fail(about(cause, turn)));
    }
  }

  private static void ended(RoutingContext ctx, Turn turn) {
    var error = turn.error();
    if (turn.state() == TurnState.FAILED && error != null) {
      var failure = new Failure(error.code(), error.detail(), error.retryable(), null);
      ctx.fail(Problems.about(failure, turn.id()));
    } else {
      send(ctx, 200, turn);
    }
  }

  /** Answers with the turn's document. */
  static void send(RoutingContext ctx, int status, Turn turn) {
    TurnHeaders.turn(ctx.response(), turn.id());
    Json.send(ctx, status, TurnJson.of(turn));
  }

  private static boolean wasRefused(Turn turn) {
    var error = turn.error();
    return turn.state() == TurnState.FAILED
        && turn.output() == null
        && error != null
        && error.code().refusesAtTheDoor();
  }

  private static Failure failure(TerminalEvent.Failed failed) {
    return new Failure(failed.code(), failed.detail(), failed.retryable(), null);
  }

  private static Failure sentAway(ReconnectReason reason) {
    return reason == ReconnectReason.STORE_UNAVAILABLE
        ? Failure.retryAfter(
            FailureCode.STORE_UNAVAILABLE,
            "The turn's end cannot be stored now; ask for the turn again.",
            RETRY_MS)
        : Failure.retryAfter(
            FailureCode.DRAINING,
            "This instance is shutting down; ask for the turn again.",
            RETRY_MS);
  }

  private static Throwable about(Throwable cause, UUID turn) {
    return cause instanceof FailureException known ? Problems.about(known.failure(), turn) : cause;
  }
}
