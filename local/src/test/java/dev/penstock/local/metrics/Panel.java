package dev.penstock.local.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One graph.
 *
 * @param unit as Grafana calls it
 * @param objective drawn as a line; null for none
 */
record Panel(
    String title, String meaning, String unit, @Nullable Double objective, List<Line> lines) {
  /**
   * One query of a graph.
   *
   * @param legend with labels in double braces
   */
  record Line(String query, String legend) {}

  static Panel of(String title, String meaning, String unit, Line... lines) {
    return new Panel(title, meaning, unit, null, List.of(lines));
  }

  Panel within(double bound) {
    return new Panel(title, meaning, unit, bound, lines);
  }
}
