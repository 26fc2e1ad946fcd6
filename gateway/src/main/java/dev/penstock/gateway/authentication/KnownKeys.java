package dev.penstock.gateway.authentication;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keys as they were last looked up: for as long as a revocation may take to be in force, and no
 * longer. Look-ups of one key at the same time are one. One per process; safe from any thread.
 */
public final class KnownKeys {
  private static final Duration FOUND = Duration.ofSeconds(30);
  private static final Duration MISSING = Duration.ofSeconds(10);
  private static final Failure BUSY =
      Failure.retryAfter(
          FailureCode.STORE_UNAVAILABLE, "Keys cannot be looked up now; try again.", 1_000);

  private final AtomicInteger lookups = new AtomicInteger();
  private final AsyncCache<String, Answer> keys;
  private final int mostLookups;

  /**
   * What a look-up came to.
   *
   * @param failure why it came to nothing; null if it did not
   */
  private record Answer(Optional<KnownKey> key, @Nullable Throwable failure) {
    Duration lasts() {
      if (failure != null) {
        return Duration.ZERO;
      }
      return key.isPresent() ? FOUND : MISSING;
    }

    Future<Optional<KnownKey>> told() {
      return failure == null ? Future.succeededFuture(key) : Future.failedFuture(failure);
    }
  }

  /**
   * Knows none yet.
   *
   * @param mostKeys keys that are remembered, missing ones too
   * @param mostLookups look-ups at the same time, before the next is refused
   */
  public KnownKeys(int mostKeys, int mostLookups) {
    this(mostKeys, mostLookups, Ticker.systemTicker());
  }

  KnownKeys(int mostKeys, int mostLookups, Ticker ticker) {
    this.mostLookups = mostLookups;
    this.keys =
        Caffeine.newBuilder()
            .maximumSize(mostKeys)
            .ticker(ticker)
            // What it does besides is moving entries; a thread for that costs more.
            .executor(Runnable::run)
            .expireAfter(Expiry.<String, Answer>creating((_, answer) -> answer.lasts()))
            .buildAsync();
  }

  /**
   * The key of that id; complete already where it is known.
   *
   * @param source where to look it up; its failures are not remembered
   * @param loop on which the answer is told
   */
  Future<Optional<KnownKey>> find(String id, KeySource source, Context loop) {
    var answer = keys.get(id, (_, _) -> lookUp(id, source));
    return answer.isDone()
        ? answer.join().told()
        : Future.fromCompletionStage(answer, loop).compose(Answer::told);
  }

  // Never fails, since the cache would log that with a stack trace.
  private CompletableFuture<Answer> lookUp(String id, KeySource source) {
    if (lookups.incrementAndGet() > mostLookups) {
      lookups.decrementAndGet();
      return CompletableFuture.completedFuture(new Answer(Optional.empty(), BUSY.asException()));
    }
    return source
        .find(id)
        .map(found -> new Answer(found.map(KnownKey::of), null))
        .otherwise(failure -> new Answer(Optional.empty(), failure))
        .onComplete(_ -> lookups.decrementAndGet())
        .toCompletionStage()
        .toCompletableFuture();
  }

  /** Look-ups under way; for a gauge. */
  public int lookups() {
    return lookups.get();
  }

  /** Keys remembered; for a gauge. */
  public long size() {
    return keys.synchronous().estimatedSize();
  }
}
