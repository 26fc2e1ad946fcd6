package dev.penstock.gateway.limits;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a caller's limits, as far as this instance knows: the others are taken to have as
 * much left as it has.
 */
record Standing(@Nullable Meter requests, @Nullable Meter tokens) {
  /** Nothing is limited. */
  static final Standing UNLIMITED = new Standing(null, null);

  /**
   * @param limit per minute
   * @param reset until all of it is there again
   */
  record Meter(long limit, long remaining, Duration reset) {
    private static Meter of(int limit, int gateways, double share, Allowance left) {
      var remaining = Math.clamp((long) Math.floor(left.level() * gateways), 0, limit);
      return new Meter(limit, remaining, Duration.ofNanos(left.nanosUntil(share)));
    }
  }

  static Standing of(Share share, Allowance requests, Allowance tokens) {
    var whole = share.whole();
    var perRequests = whole.requestsPerMinute();
    var perTokens = whole.tokensPerMinute();
    return new Standing(
        perRequests == null || share.requests() == null
            ? null
            : Meter.of(perRequests, share.gateways(), share.requests(), requests),
        perTokens == null || share.tokens() == null
            ? null
            : Meter.of(perTokens, share.gateways(), share.tokens(), tokens));
  }

  /** Of each limit the one with less left. */
  Standing tightest(Standing other) {
    return new Standing(tighter(requests, other.requests), tighter(tokens, other.tokens));
  }

  private static @Nullable Meter tighter(@Nullable Meter one, @Nullable Meter other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.remaining() <= other.remaining() ? one : other;
  }
}
