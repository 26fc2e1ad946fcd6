package dev.penstock.proxy.admission;

/**
 * How many failed requests may be tried again elsewhere: one for every ten requests, and a few to
 * begin with, so that a broken upstream does not double the load on the others.
 */
final class RetryBudget {
  private static final double PER_REQUEST = 0.1;
  private static final double MOST = 10;
  private static final double AT_FIRST = 3;

  private double left = AT_FIRST;

  void requested() {
    left = Math.min(MOST, left + PER_REQUEST);
  }

  /** Takes one retry out of the budget if there is one. */
  boolean spend() {
    if (left < 1) {
      return false;
    }
    left -= 1;
    return true;
  }
}
