package dev.penstock.gateway.limits;

/**
 * An amount that comes back evenly, so much in a minute, and is never more than that: a token
 * bucket that holds one minute. In any {@code t} seconds at most {@code 1 + t/60} times the amount
 * passes. It may be overdrawn by what turns out later; then it first fills up to zero. Not safe
 * from several threads.
 */
final class Allowance {
  private static final double NANOS_PER_MINUTE = 60e9;

  private double perMinute;
  private double level;
  private long asOf;
  private boolean begun;

  /**
   * Takes in what has come back. Comes before every other call.
   *
   * @param amount per minute from now on, above 0
   * @param now of the same clock each time
   */
  void refill(double amount, long now) {
    level =
        begun
            ? Math.min(amount, level + Math.max(0, now - asOf) * amount / NANOS_PER_MINUTE)
            : amount;
    perMinute = amount;
    asOf = now;
    begun = true;
  }

  /** What is left; below zero where more was taken. */
  double level() {
    return level;
  }

  /** Takes some, or gives back where it is negative. */
  void take(long amount) {
    level = Math.min(perMinute, level - (double) amount);
  }

  /** Nanoseconds until there is that much; 0 if there is. */
  long nanosUntil(double amount) {
    return level >= amount ? 0 : (long) Math.ceil((amount - level) * NANOS_PER_MINUTE / perMinute);
  }

  /** Whether it is as it was in the beginning. */
  boolean isFull() {
    return level >= perMinute;
  }
}
