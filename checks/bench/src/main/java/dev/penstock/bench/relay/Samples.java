package dev.penstock.bench.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One value per round for each (measure, subject); gone where a round could not be measured. */
final class Samples {
  private final Map<String, List<Double>> values = new HashMap<>();

  void add(String measure, String subject, double value) {
    if (!Double.isNaN(value)) {
      values.computeIfAbsent(measure + '|' + subject, _ -> new ArrayList<>()).add(value);
    }
  }

  /** Median, least and most; NaN where there is none. */
  Spread of(String measure, String subject) {
    var sorted = values.getOrDefault(measure + '|' + subject, List.of()).stream().sorted().toList();
    if (sorted.isEmpty()) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    var middle = sorted.size() / 2;
    var median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.getFirst(), sorted.getLast());
  }

  record Spread(double median, double least, double most) {}
}
