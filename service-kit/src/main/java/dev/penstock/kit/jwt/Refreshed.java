package dev.penstock.kit.jwt;

import static java.lang.System.Logger.Level.WARNING;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A document that is fetched when it is first needed, and again in the background once it is 10
 * minutes old; while it cannot be had, the last one is used for 24 hours (reliability.md section
 * 5.3). However many ask, one fetch runs. Safe from any thread; futures complete on the caller's
 * context.
 */
final class Refreshed<T> {
  private static final System.Logger LOG = System.getLogger(Refreshed.class.getName());
  private static final long FRESH_MS = Duration.ofMinutes(10).toMillis();
  private static final long LAST_USE_MS = Duration.ofHours(24).toMillis();
  private static final long PAUSE_MS = Duration.ofMinutes(1).toMillis();
  private static final long PAUSE_WITHOUT_MS = 1_000;

  private final String name;
  private final Supplier<Future<T>> source;
  private final Timing timing;
  private volatile @Nullable Kept<T> kept;
  // Confined to the owner.
  private @Nullable Future<T> fetch;
  private @Nullable Throwable failure;
  private long triedAt = Long.MIN_VALUE / 2;

  private record Kept<T>(T value, long at) {}

  /**
   * @param owner the context that fetches
   * @param caller the context of whoever asks
   * @param clock monotonic milliseconds
   */
  record Timing(Context owner, Supplier<Context> caller, LongSupplier clock) {
    static Timing of(Vertx vertx) {
      return new Timing(
          vertx.getOrCreateContext(),
          vertx::getOrCreateContext,
          () -> System.nanoTime() / 1_000_000);
    }
  }

  /**
   * @param name for the log
   */
  Refreshed(String name, Supplier<Future<T>> source, Timing timing) {
    this.name = name;
    this.source = source;
    this.timing = timing;
  }

  /** The document as it is known, without waiting; null if it is not known, or too long ago. */
  @Nullable T known() {
    var known = kept;
    if (known == null) {
      return null;
    }
    var age = timing.clock().getAsLong() - known.at;
    if (age >= FRESH_MS) {
      timing.owner().runOnContext(_ -> fetched());
    }
    return age < LAST_USE_MS ? known.value : null;
  }

  /** The document, waited for where it is not known; fails as its source did. */
  Future<T> get() {
    var known = known();
    return known != null ? Future.succeededFuture(known) : renewed();
  }

  /**
   * The document as of now, where it was not tried within the last minute; else the one that is
   * known. Fails where there is none.
   */
  Future<T> renewed() {
    var caller = timing.caller().get();
    var answer = Promise.<T>promise();
    timing
        .owner()
        .runOnContext(
            _ ->
                fetched()
                    .onComplete(
                        (value, cause) -> caller.runOnContext(_ -> answer.complete(value, cause))));
    return answer.future();
  }

  private Future<T> fetched() {
    var running = fetch;
    if (running != null) {
      return running;
    }
    var now = timing.clock().getAsLong();
    var usable = usable(now);
    var pause = usable == null ? PAUSE_WITHOUT_MS : PAUSE_MS;
    if (now - triedAt < pause) {
      return usable == null
          ? Future.failedFuture(failure == null ? notYet() : failure)
          : Future.succeededFuture(usable);
    }
    triedAt = now;
    // What its source throws is a failed fetch, too.
    var answer =
        Future.succeededFuture()
            .compose(_ -> source.get())
            .onComplete(this::settle)
            .recover(
                cause -> {
                  // As of now: whoever joined this fetch on the way may have come too late for it.
                  var still = usable(timing.clock().getAsLong());
                  return still == null ? Future.failedFuture(cause) : Future.succeededFuture(still);
                });
    if (!answer.isComplete()) {
      fetch = answer;
    }
    return answer;
  }

  private void settle(@Nullable T value, @Nullable Throwable cause) {
    fetch = null;
    failure = cause;
    if (value != null) {
      kept = new Kept<>(value, timing.clock().getAsLong());
    } else {
      LOG.log(
          WARNING, name + " could not be fetched: " + (cause == null ? "" : cause.getMessage()));
    }
  }

  private @Nullable T usable(long now) {
    var known = kept;
    return known != null && now - known.at < LAST_USE_MS ? known.value : null;
  }

  private IssuerUnavailableException notYet() {
    return new IssuerUnavailableException(name + " could not be fetched");
  }
}
