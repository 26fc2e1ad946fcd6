package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.turns.Begun;
import dev.penstock.gateway.turns.ReconnectReason;
import dev.penstock.gateway.turns.TurnEnd;
import dev.penstock.gateway.turns.TurnFeed;
import dev.penstock.gateway.turns.TurnSpan;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Answers with a response that is kept: at once, when it is whole, or as events. */
final class StoredAnswer {
  /** In which form. */
  enum Form {
    AT_ONCE,
    WHOLE,
    STREAM
  }

  private final Turns turns;

  StoredAnswer(Turns turns) {
    this.turns = turns;
  }

  /** Answers a request that began a response, or found the one its key had begun. */
  void begun(RoutingContext ctx, ResponseHead head, Form form, Begun begun) {
    if (form == Form.AT_ONCE) {
      document(ctx, head, begun.turn());
      return;
    }
    switch (begun) {
      case Begun.Running(var turn, _, var feed, var door) -> {
        if (form == Form.STREAM) {
          stream(ctx, head, turn, feed, door);
        } else {
          whole(ctx, head, feed);
        }
      }
      case Begun.Existing(var turn, var door) ->
          door.onSuccess(
              refusal ->
                  refusal.ifPresentOrElse(
                      why -> head.refuse(ctx.response(), why),
                      () -> existing(ctx, head, form, turn)));
    }
  }

  private void existing(RoutingContext ctx, ResponseHead head, Form form, Turn turn) {
    if (form == Form.STREAM && refusal(turn).isEmpty()) {
      resume(ctx, head, turn, 0);
    } else if (turn.state().isFinal()) {
      ended(ctx, head, turn);
    } else {
      turns
          .open(Caller.of(ctx), turn)
          .onSuccess(feed -> whole(ctx, head, feed))
          .onFailure(ctx::fail);
    }
  }

  /** The status line waits for {@code door}, so that a refusal keeps its real status. */
  private void stream(
      RoutingContext ctx,
      ResponseHead head,
      Turn turn,
      TurnFeed feed,
      Future<Optional<Failure>> door) {
    var reader = turns.read(feed, new ResponseTurnEncoder(require(turn)), 0, ctx);
    door.onSuccess(
        refusal -> {
          if (refusal.isPresent()) {
            reader.dismiss();
            head.refuse(ctx.response(), refusal.get());
          } else {
            head.stream(ctx.response());
            reader.open();
          }
        });
  }

  /**
   * Streams a response that exists.
   *
   * @param first number of the first event the client gets
   */
  void resume(RoutingContext ctx, ResponseHead head, Turn turn, int first) {
    TurnSpan.link(ctx, turn.trace());
    turns
        .open(Caller.of(ctx), turn)
        .onSuccess(
            feed -> {
              if (first > 0 && feed.isCondensed()) {
                head.error(ctx.response(), eventsAreGone());
              } else if (!ctx.response().closed()) {
                head.stream(ctx.response());
                turns.read(feed, new ResponseTurnEncoder(require(turn)), first, ctx).open();
              }
            })
        .onFailure(ctx::fail);
  }

  private void whole(RoutingContext ctx, ResponseHead head, TurnFeed feed) {
    turns
        .end(feed, ctx.response())
        .onSuccess(
            end -> {
              switch (end) {
                case TurnEnd.SentAway(var reason) -> head.error(ctx.response(), sentAway(reason));
                case TurnEnd.Committed(_, var why) -> {
                  if (why != null && why.code().refusesAtTheDoor()) {
                    head.refuse(ctx.response(), why);
                  } else {
                    stored(ctx, head, feed);
                  }
                }
              }
            });
  }

  private void stored(RoutingContext ctx, ResponseHead head, TurnFeed feed) {
    turns.ended(Caller.of(ctx), feed).onSuccess(now -> ended(ctx, head, now)).onFailure(ctx::fail);
  }

  /** A failure that left nothing is the request's; one that left text is the response's. */
  private static void ended(RoutingContext ctx, ResponseHead head, Turn turn) {
    refusal(turn)
        .ifPresentOrElse(why -> head.refuse(ctx.response(), why), () -> document(ctx, head, turn));
  }

  /** Answers with the response as {@code turn} says it is. */
  static void document(RoutingContext ctx, ResponseHead head, Turn turn) {
    head.document(ctx.response());
    ctx.response().end(Wire.encode(require(turn).document(turn)));
  }

  private static Optional<Failure> refusal(Turn turn) {
    var error = turn.error();
    return turn.state() == TurnState.FAILED && turn.output() == null && error != null
        ? Optional.of(new Failure(error.code(), error.detail(), error.retryable(), null))
        : Optional.empty();
  }

  private static StoredResponse require(Turn turn) {
    return StoredResponse.of(turn).orElseThrow(StoredAnswer::unknown);
  }

  /** What is answered where there is no response of that id. */
  static OpenAiException unknown() {
    return new OpenAiException(
        new OpenAiError(404, null, "There is no such response.", null, null, false));
  }

  private static OpenAiError eventsAreGone() {
    return new OpenAiError(
        404,
        null,
        "The events of this response are gone; retrieve it without stream.",
        "starting_after",
        null,
        false);
  }

  /** The response goes on, or its end is not stored yet: asking again would begin another one. */
  private static OpenAiError sentAway(ReconnectReason reason) {
    var code =
        reason == ReconnectReason.STORE_UNAVAILABLE
            ? FailureCode.STORE_UNAVAILABLE
            : FailureCode.DRAINING;
    var error = OpenAiError.of(Failure.of(code, "The end of the response cannot be waited for."));
    return new OpenAiError(error.status(), error.code(), error.message(), null, null, false);
  }
}
