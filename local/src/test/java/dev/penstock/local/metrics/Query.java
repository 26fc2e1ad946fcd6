package dev.penstock.local.metrics;

import dev.penstock.contracts.metric.Metric;

/** PromQL made from {@link Metric}s, so that no query names one that does not exist. */
final class Query {
  private static final String WINDOW = "[$__rate_interval]";

  private Query() {}

  /** What is below that share of the values, by those labels. */
  static String quantile(double share, Metric metric, String matchers, String by) {
    return "histogram_quantile(%s, sum by (%s) (rate(%s_bucket%s%s)))"
        .formatted(share, by.isEmpty() ? "le" : "le, " + by, metric.id(), braces(matchers), WINDOW);
  }

  /** Per second, by those labels. */
  static String rate(Metric metric, String matchers, String by) {
    return "sum by (%s) (rate(%s%s%s))".formatted(by, metric.id(), braces(matchers), WINDOW);
  }

  /** How many values a histogram has seen per second, by those labels. */
  static String count(Metric metric, String matchers, String by) {
    return "sum by (%s) (rate(%s_count%s%s))".formatted(by, metric.id(), braces(matchers), WINDOW);
  }

  /** The mean of a histogram's values, by those labels. */
  static String mean(Metric metric, String matchers, String by) {
    return "sum by (%1$s) (rate(%2$s_sum%3$s%4$s)) / sum by (%1$s) (rate(%2$s_count%3$s%4$s))"
        .formatted(by, metric.id(), braces(matchers), WINDOW);
  }

  /** What is now, added up by those labels. */
  static String now(Metric metric, String matchers, String by) {
    return "sum by (%s) (%s%s)".formatted(by, metric.id(), braces(matchers));
  }

  /** The most there is now, by those labels. */
  static String most(Metric metric, String matchers, String by) {
    return "max by (%s) (%s%s)".formatted(by, metric.id(), braces(matchers));
  }

  private static String braces(String matchers) {
    return matchers.isEmpty() ? "" : "{" + matchers + "}";
  }
}
