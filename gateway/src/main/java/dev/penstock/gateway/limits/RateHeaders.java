package dev.penstock.gateway.limits;

import io.vertx.core.MultiMap;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a caller's limits, in headers: {@code x-ratelimit-limit-requests}, {@code
 * -remaining-requests} and {@code -reset-requests}, and the same of {@code tokens} (openai-api.md
 * section 1).
 */
final class RateHeaders {
  private static final String PREFIX = "x-ratelimit-";

  private RateHeaders() {}

  static void tell(MultiMap headers, Standing standing) {
    tell(headers, "requests", standing.requests());
    tell(headers, "tokens", standing.tokens());
  }

  private static void tell(MultiMap headers, String of, Standing.@Nullable Meter meter) {
    if (meter != null) {
      headers
          .set(PREFIX + "limit-" + of, Long.toString(meter.limit()))
          .set(PREFIX + "remaining-" + of, Long.toString(meter.remaining()))
          .set(PREFIX + "reset-" + of, text(meter.reset()));
    }
  }

  /** As Go writes durations: {@code 12ms}, {@code 1s}, {@code 6m0s}. */
  static String text(Duration duration) {
    var millis = duration.plusNanos(999_999).toMillis();
    if (millis < 1_000) {
      return millis + "ms";
    }
    var seconds = Math.ceilDiv(millis, 1_000);
    return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
  }
}
