package dev.penstock.kit.metrics;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One metric by its labels. Sets of labels are bounded, whatever callers send: what comes beyond
 * the bound is counted together. Safe from any thread; keep what {@link #of} returns where it is
 * used often.
 */
public final class Labelled<T> {
  /** Stands in every label of what is counted together. */
  private static final String OTHER = "_other";

  private final Map<List<String>, T> series = new ConcurrentHashMap<>();
  private final List<String> names;
  private final List<String> beyond;
  private final int most;
  private final Supplier<T> maker;

  /**
   * @param most sets of labels, the one for all beyond included
   */
  Labelled(List<String> names, int most, Supplier<T> maker) {
    this.names = List.copyOf(names);
    this.beyond = Collections.nCopies(names.size(), OTHER);
    this.most = most;
    this.maker = maker;
  }

  /** The series of those values, one for each label in the metric's order. */
  public T of(String... values) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException("needs values of " + names);
    }
    var key = List.of(values);
    var known = series.get(key);
    return known != null ? known : add(key);
  }

  private synchronized T add(List<String> key) {
    var room = series.containsKey(key) || series.size() < most - 1;
    return series.computeIfAbsent(room ? key : beyond, _ -> maker.get());
  }

  List<String> names() {
    return names;
  }

  /** What was asked for so far, by its values. */
  Map<List<String>, T> all() {
    return series;
  }
}
