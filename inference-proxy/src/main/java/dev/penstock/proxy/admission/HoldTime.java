package dev.penstock.proxy.admission;

/** How long a slot is held for one generation of a model: a moving average of what was seen. */
final class HoldTime {
  private static final int ENOUGH = 3;
  private static final double WEIGHT_OF_LAST = 0.2;
  private static final double GUESS_MS = 5_000;

  private double averageMs = GUESS_MS;
  private int seen;

  void saw(long ms) {
    averageMs = seen == 0 ? ms : averageMs + WEIGHT_OF_LAST * (ms - averageMs);
    seen++;
  }

  /** Whether enough was seen to turn somebody away for it. */
  boolean known() {
    return seen >= ENOUGH;
  }

  /** Expected milliseconds until the ticket at {@code position} gets one of {@code slots}. */
  long untilTurn(int position, int slots) {
    return Math.round(position * averageMs / Math.max(1, slots));
  }
}
