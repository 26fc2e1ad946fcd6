package dev.penstock.bench.relay;

/**
 * How long everything takes.
 *
 * @param rounds in which each route has its turn
 * @param rampMillis over which paced streams begin
 * @param settleMillis before the window
 * @param windowMillis of paced streams
 * @param firstTokenMillis of one first-token window
 * @param turnMillis of one window of one-token answers
 * @param burstTokens of each of the burst's streams
 */
record Pace(
    int rounds,
    int rampMillis,
    int settleMillis,
    int windowMillis,
    int firstTokenMillis,
    int turnMillis,
    int burstTokens) {
  static final Pace USUAL = new Pace(5, 1_000, 500, 4_000, 1_500, 1_200, 10_000);
  static final Pace WARM_UP = new Pace(1, 300, 100, 500, 1_000, 2_000, 3_000);
  static final Pace SHORT = new Pace(5, 500, 300, 1_600, 600, 500, 3_000);
}
