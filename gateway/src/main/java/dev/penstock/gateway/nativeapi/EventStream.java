package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Position;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.turns.ReconnectReason;
import dev.penstock.gateway.turns.TurnEncoder;
import dev.penstock.gateway.turns.TurnFeed;
import dev.penstock.gateway.turns.TurnSpan;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Streams of a turn's events: when they open, and what is answered where they cannot. */
final class EventStream {
  private static final TurnEncoder ENCODER = new NativeTurnEncoder();
  private static final int RETRY_MS = 2000;

  private final Turns turns;

  EventStream(Turns turns) {
    this.turns = turns;
  }

  /**
   * Streams a turn that has just begun. The status line waits for {@code door}, so that a refusal
   * keeps its real status.
   */
  void begin(RoutingContext ctx, TurnFeed feed, Future<Optional<Failure>> door) {
    var reader = turns.read(feed, ENCODER, null, ctx);
    door.onSuccess(
        refusal -> {
          if (refusal.isPresent()) {
            reader.dismiss();
            ctx.fail(Problems.about(refusal.get(), feed.head().id()));
          } else {
            TurnHeaders.turn(ctx.response(), feed.head().id());
            TurnHeaders.stream(ctx.response(), feed.head().id());
            reader.open();
          }
        });
  }

  /**
   * Streams a turn that exists.
   *
   * @param position the last event the client has; null for none
   */
  void resume(RoutingContext ctx, Turn turn, @Nullable Position position) {
    TurnSpan.link(ctx, turn.trace());
    turns
        .open(Caller.of(ctx), turn)
        .onSuccess(feed -> open(ctx, feed, position))
        .onFailure(cause -> failed(ctx, turn.id(), position, cause));
  }

  /**
   * Streams a turn whose owner the store cannot tell: only where this process runs it for that very
   * caller.
   */
  void resumeUnasked(RoutingContext ctx, UUID turn, @Nullable Position position, Throwable cause) {
    var feed = passes(cause) ? turns.openHere(Caller.of(ctx), turn) : null;
    if (feed != null) {
      TurnSpan.link(ctx, feed.head().trace());
      open(ctx, feed, position);
    } else {
      failed(ctx, turn, position, cause);
    }
  }

  private void open(RoutingContext ctx, TurnFeed feed, @Nullable Position position) {
    if (!ctx.response().closed()) {
      TurnHeaders.stream(ctx.response(), feed.head().id());
      turns.read(feed, ENCODER, position, ctx).open();
    }
  }

  /** A status other than 200 would keep a client that comes back away for good (SSE-30). */
  private void failed(RoutingContext ctx, UUID turn, @Nullable Position position, Throwable cause) {
    if (position != null && !passes(cause)) {
      turns.resumedUnknown();
    }
    if (position == null || !passes(cause)) {
      ctx.fail(cause);
      return;
    }
    var out = Buffer.buffer();
    ENCODER.retry(out, RETRY_MS);
    ENCODER.reconnect(out, ReconnectReason.STORE_UNAVAILABLE, RETRY_MS);
    TurnHeaders.stream(ctx.response(), turn).setChunked(true).end(out);
  }

  private static boolean passes(Throwable cause) {
    if (cause instanceof FailureException known) {
      var status = known.failure().code().status();
      return status == 429 || status >= 500;
    }
    return false;
  }
}
