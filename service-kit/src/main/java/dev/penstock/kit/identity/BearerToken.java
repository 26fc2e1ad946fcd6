package dev.penstock.kit.identity;

import static java.lang.System.Logger.Level.WARNING;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One token of this machine, asked for when it is first needed and then kept fresh by a timer, so
 * that requests do not wait for it. Safe from any thread; futures complete on the caller's context.
 *
 * <p>It is fetched anew from 3 min 45 s before its end, as the metadata server has no other one
 * earlier, and no longer used in its last 3 minutes (gemini-api.md section 10) unless no other is
 * to be had. However many ask, one fetch runs.
 */
public final class BearerToken {
  private static final System.Logger LOG = System.getLogger(BearerToken.class.getName());

  private static final String SCHEME = "Bearer ";
  private static final long REFRESHES_EARLY_MS = 225_000;
  private static final long EXPIRES_EARLY_MS = 180_000;
  // Time for one request's way and for clocks that differ.
  private static final long LAST_USE_MS = 10_000;
  private static final long MOST_JITTER_MS = 15_000;
  private static final long REFRESH_PAUSE_MS = 5_000;
  private static final long REFUSAL_PAUSE_MS = 5_000;
  // What fails must not become a fetch per request.
  private static final long FAILURE_PAUSE_MS = 1_000;

  private final String name;
  private final Supplier<Future<IssuedToken>> source;
  private final Timing timing;
  private final AtomicReference<@Nullable Kept> token = new AtomicReference<>();
  private volatile long refusedAt = Long.MIN_VALUE / 2;
  // Confined to the owner.
  private @Nullable Future<Kept> fetch;
  private @Nullable Missed missed;
  private int refreshes;

  /** A token and its end on the clock. */
  private record Kept(String value, long end) {}

  private record Missed(Throwable cause, long at) {}

  /**
   * The context that fetches, and its time.
   *
   * @param caller the context of whoever calls
   * @param clock monotonic milliseconds
   */
  record Timing(Context owner, Supplier<Context> caller, LongSupplier clock, Later later) {
    /** Runs an action on the owner after so many milliseconds. */
    @FunctionalInterface
    interface Later {
      void run(long delayMs, Runnable action);
    }

    static Timing of(Vertx vertx) {
      return new Timing(
          vertx.getOrCreateContext(),
          vertx::getOrCreateContext,
          () -> System.nanoTime() / 1_000_000,
          (delay, action) -> vertx.setTimer(delay, _ -> action.run()));
    }
  }

  /**
   * @param name for the log
   */
  BearerToken(String name, Supplier<Future<IssuedToken>> source, Timing timing) {
    this.name = name;
    this.source = source;
    this.timing = timing;
  }

  /**
   * Adds the token to a request; fails where none is to be had.
   *
   * @param header {@code Authorization}, or another where that one has a use already
   */
  public Future<RequestOptions> sign(RequestOptions request, String header) {
    return value().map(value -> request.putHeader(header, SCHEME + value));
  }

  /**
   * Told that a request was answered 401.
   *
   * @return whether another token takes the place of the one it carried, so that asking once more
   *     may help; a fresh one is tried once in 5 seconds
   */
  public boolean refused(HttpClientRequest request, String header) {
    var known = token.get();
    if (known == null || !(SCHEME + known.value).equals(request.headers().get(header))) {
      return true;
    }
    var now = timing.clock().getAsLong();
    if (now - refusedAt < REFUSAL_PAUSE_MS) {
      return false;
    }
    refusedAt = now;
    token.compareAndSet(known, null);
    return true;
  }

  private Future<String> value() {
    var known = token.get();
    if (known != null && isFresh(known)) {
      return Future.succeededFuture(known.value);
    }
    var fallback = known != null && left(known) > LAST_USE_MS ? known.value : null;
    return fetched()
        .recover(
            failure ->
                fallback == null ? Future.failedFuture(failure) : Future.succeededFuture(fallback));
  }

  private boolean isFresh(Kept known) {
    return left(known) > EXPIRES_EARLY_MS;
  }

  private long left(Kept known) {
    return known.end - timing.clock().getAsLong();
  }

  private Future<String> fetched() {
    var caller = timing.caller().get();
    var value = Promise.<String>promise();
    timing
        .owner()
        .runOnContext(
            _ ->
                another()
                    .map(Kept::value)
                    .onComplete(
                        (fresh, failure) ->
                            caller.runOnContext(_ -> value.complete(fresh, failure))));
    return value.future();
  }

  /** What a fetch gave, or gave not, while the caller was on its way here, or else a fetch. */
  private Future<Kept> another() {
    var known = token.get();
    if (known != null && isFresh(known)) {
      return Future.succeededFuture(known);
    }
    var lately = missed;
    return lately != null && timing.clock().getAsLong() - lately.at < FAILURE_PAUSE_MS
        ? Future.failedFuture(lately.cause)
        : fetch();
  }

  private Future<Kept> fetch() {
    var running = fetch;
    if (running != null) {
      return running;
    }
    var started =
        source
            .get()
            .map(
                issued ->
                    new Kept(
                        issued.value(), timing.clock().getAsLong() + issued.life().toMillis()));
    fetch = started;
    return started.onComplete(
        (fresh, failure) -> {
          fetch = null;
          if (failure == null) {
            keep(fresh);
          } else {
            miss(failure);
          }
        });
  }

  private void keep(Kept fresh) {
    token.set(fresh);
    missed = null;
    var jitter = ThreadLocalRandom.current().nextLong(MOST_JITTER_MS);
    refreshIn(fresh.end - timing.clock().getAsLong() - REFRESHES_EARLY_MS + jitter);
  }

  private void miss(Throwable failure) {
    missed = new Missed(failure, timing.clock().getAsLong());
    LOG.log(WARNING, "no " + name + ": " + failure.getMessage());
    if (token.get() != null) {
      refreshIn(REFRESH_PAUSE_MS);
    }
  }

  private void refreshIn(long delayMs) {
    var turn = ++refreshes;
    timing
        .later()
        .run(
            Math.max(REFRESH_PAUSE_MS, delayMs),
            () -> {
              if (turn == refreshes) {
                fetch();
              }
            });
  }
}
