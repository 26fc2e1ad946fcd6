package dev.penstock.proxy;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/** Waits for events, with a limit. */
public final class Await {
  private static final long LIMIT_S = 30;

  private Await() {}

  public static <T> T done(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(LIMIT_S, TimeUnit.SECONDS)
        .join();
  }

  public static <T> T done(CompletableFuture<T> future, String what) {
    try {
      return future.get(LIMIT_S, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("waited " + LIMIT_S + " s for " + what, e);
    }
  }

  public static <T> T next(BlockingQueue<T> queue, String what) {
    try {
      var next = queue.poll(LIMIT_S, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("waited " + LIMIT_S + " s for " + what);
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }

  /** Lets time pass that is itself part of the situation, such as how long an answer takes. */
  public static void pause(long ms) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ms));
  }

  /**
   * The least of five measurements in nanoseconds: a pause of the machine is not the proxy's, and
   * what the proxy always waits for is in all five.
   */
  public static Duration quickestOfFive(LongSupplier nanos) {
    return Duration.ofNanos(LongStream.generate(nanos).limit(5).min().orElseThrow());
  }

  public static void until(BooleanSupplier condition, String what) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited " + LIMIT_S + " s for " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
