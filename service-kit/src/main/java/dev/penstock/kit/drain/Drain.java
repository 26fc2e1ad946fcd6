package dev.penstock.kit.drain;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * The clock of a drain (sse.md SSE-39): work may end by itself until T+6 s; all is gone by T+8 s.
 */
public final class Drain {
  /** Until then running work may end by itself. */
  public static final Duration GRACE = Duration.ofSeconds(6);

  /** Then everything is closed. */
  public static final Duration LIMIT = Duration.ofSeconds(8);

  private static final long CHECK_MS = 50;

  private Drain() {}

  /** Completes when {@code active} says 0, or after {@code grace}, whichever is first. */
  public static Future<Void> await(Vertx vertx, Duration grace, IntSupplier active) {
    if (active.getAsInt() == 0) {
      return Future.succeededFuture();
    }
    var done = Promise.<Void>promise();
    var end = System.nanoTime() + grace.toNanos();
    vertx.setPeriodic(
        CHECK_MS,
        timer -> {
          if (active.getAsInt() == 0 || System.nanoTime() - end >= 0) {
            vertx.cancelTimer(timer);
            done.complete();
          }
        });
    return done.future();
  }
}
