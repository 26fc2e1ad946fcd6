package dev.penstock.gateway.limits;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;

/**
 * Why a request cannot be accepted now.
 *
 * @param whose "key", "person" or "tenant"
 * @param waitNanos until it could be; {@link #NEVER} where waiting does not help
 */
record Shortage(Limit limit, String whose, long waitNanos) {
  static final long NEVER = Long.MAX_VALUE;

  private static final long MILLI = 1_000_000;
  private static final long MOST_MS = 30_000;

  Failure failure() {
    if (limit == Limit.CALLERS) {
      return Failure.retryAfter(
          FailureCode.NO_CAPACITY,
          "This instance follows all the callers it can; try again.",
          waitNanos / MILLI);
    }
    if (waitNanos == NEVER) {
      return new Failure(
          FailureCode.RATE_LIMITED,
          "The request alone is longer than this " + whose + "'s tokens per minute; shorten it.",
          false,
          null);
    }
    var millis = Math.clamp(Math.ceilDiv(waitNanos, MILLI), 1, MOST_MS);
    return Failure.retryAfter(
        FailureCode.RATE_LIMITED,
        "This " + whose + "'s " + limit.words() + " used up; try again later.",
        millis);
  }
}
