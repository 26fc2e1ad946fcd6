package dev.penstock.bench.relay;

import java.util.ArrayList;
import java.util.List;

/** Values measured in pairs, one with a thing on and one with it off, moments apart. */
final class Paired {
  private static final double OUTSIDE = 0.05;

  private final List<Double> on = new ArrayList<>();
  private final List<Double> off = new ArrayList<>();

  void add(double whenOn, double whenOff) {
    on.add(whenOn);
    off.add(whenOff);
  }

  /** Median with it on. */
  double on() {
    return median(on.stream().sorted().toList());
  }

  /** Median with it off. */
  double off() {
    return median(off.stream().sorted().toList());
  }

  /** Median of what it adds within a pair, in percent. */
  double medianPercent() {
    return median(percents());
  }

  /** From here to {@link #mostPercent} the true median lies with 95 % certainty. */
  double leastPercent() {
    return percents().get(cut());
  }

  double mostPercent() {
    return percents().get(on.size() - 1 - cut());
  }

  private List<Double> percents() {
    var percents = new ArrayList<Double>();
    for (var i = 0; i < on.size(); i++) {
      percents.add(100 * (on.get(i) / off.get(i) - 1));
    }
    return percents.stream().sorted().toList();
  }

  /**
   * How many lie outside at either end: as many as a fair coin falls to one side at most, in all
   * but 5 % of cases (the sign test).
   */
  private int cut() {
    var n = on.size();
    var chance = Math.pow(0.5, n);
    var atMost = chance;
    var cut = 0;
    while (2 * atMost <= OUTSIDE) {
      cut++;
      chance *= (double) (n - cut + 1) / cut;
      atMost += chance;
    }
    return Math.max(0, cut - 1);
  }

  private static double median(List<Double> sorted) {
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
