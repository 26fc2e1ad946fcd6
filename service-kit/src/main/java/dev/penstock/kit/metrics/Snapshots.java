package dev.penstock.kit.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/** How our counters and histograms look to the library that writes the metrics page. */
final class Snapshots {
  private static final String TOTAL = "_total";

  private Snapshots() {}

  /** A counter; the library adds the end of its name itself. */
  static Collector ofCounters(String name, String help, Labelled<Counter> counters) {
    var base = name.substring(0, name.length() - TOTAL.length());
    return () -> {
      var snapshot = CounterSnapshot.builder().name(base).help(help);
      counters
          .all()
          .forEach(
              (values, counter) ->
                  snapshot.dataPoint(
                      CounterSnapshot.CounterDataPointSnapshot.builder()
                          .labels(Labels.of(counters.names(), values))
                          .value((double) counter.value())
                          .build()));
      return snapshot.build();
    };
  }

  /** A histogram with those bounds, in the metric's unit. */
  static Collector ofHistograms(
      String name,
      String help,
      List<Double> bounds,
      double valuesPerUnit,
      Labelled<Histogram> histograms) {
    var upper = new double[bounds.size() + 1];
    for (var i = 0; i < bounds.size(); i++) {
      upper[i] = bounds.get(i);
    }
    upper[bounds.size()] = Double.POSITIVE_INFINITY;
    return () -> {
      var snapshot = HistogramSnapshot.builder().name(name).help(help);
      histograms
          .all()
          .forEach(
              (values, histogram) ->
                  snapshot.dataPoint(
                      HistogramSnapshot.HistogramDataPointSnapshot.builder()
                          .labels(Labels.of(histograms.names(), values))
                          .classicHistogramBuckets(
                              ClassicHistogramBuckets.of(upper, histogram.counts()))
                          .sum(histogram.sum() / valuesPerUnit)
                          .build()));
      return snapshot.build();
    };
  }
}
