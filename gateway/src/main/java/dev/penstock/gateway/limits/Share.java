package dev.penstock.gateway.limits;

import dev.penstock.contracts.access.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The part of a caller's limits that is this instance's: each live gateway has the same. Null sets
 * no limit; what there is allows at least 1.
 *
 * @param whole the limits of all gateways together
 */
record Share(
    Limits whole,
    int gateways,
    @Nullable Double requests,
    @Nullable Double tokens,
    @Nullable Integer streams) {

  static Share of(Limits limits, int gateways) {
    var streams = limits.streams();
    return new Share(
        limits,
        gateways,
        part(limits.requestsPerMinute(), gateways),
        part(limits.tokensPerMinute(), gateways),
        streams == null ? null : Math.max(1, streams / gateways));
  }

  /** Whether there is anything to count. */
  static boolean counts(Limits limits) {
    return limits.requestsPerMinute() != null
        || limits.tokensPerMinute() != null
        || limits.streams() != null;
  }

  private static @Nullable Double part(@Nullable Integer limit, int gateways) {
    return limit == null ? null : Double.valueOf(Math.max(1.0, (double) limit / gateways));
  }
}
