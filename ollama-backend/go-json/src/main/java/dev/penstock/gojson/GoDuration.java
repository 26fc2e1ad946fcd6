package dev.penstock.gojson;

import java.time.Duration;
import java.util.Map;

/** Parses durations as Go's {@code time.ParseDuration} does: {@code 10m}, {@code -1.5h30s}. */
public final class GoDuration {
  private static final Map<String, Double> NANOS =
      Map.of(
          "ns", 1.0, "us", 1e3, "µs", 1e3, "μs", 1e3, "ms", 1e6, "s", 1e9, "m", 6e10, "h", 3.6e12);

  private GoDuration() {}

  /**
   * The duration.
   *
   * @throws GoJsonException if it is none
   */
  public static Duration parse(String text) {
    var negative = text.startsWith("-");
    var at = negative || text.startsWith("+") ? 1 : 0;
    if (text.substring(at).equals("0")) {
      return Duration.ZERO;
    }
    if (at == text.length()) {
      throw invalid(text);
    }
    var nanos = 0.0;
    while (at < text.length()) {
      var unitAt = end(text, at, true);
      if (unitAt == at || text.substring(at, unitAt).equals(".")) {
        throw invalid(text);
      }
      var next = end(text, unitAt, false);
      if (next == unitAt) {
        throw new GoJsonException("time: missing unit in duration " + quoted(text));
      }
      var unit = NANOS.get(text.substring(unitAt, next));
      if (unit == null) {
        throw new GoJsonException(
            "time: unknown unit "
                + quoted(text.substring(unitAt, next))
                + " in duration "
                + quoted(text));
      }
      nanos += Double.parseDouble(text.substring(at, unitAt)) * unit;
      at = next;
    }
    if (nanos > Long.MAX_VALUE) {
      throw invalid(text);
    }
    return Duration.ofNanos((long) (negative ? -nanos : nanos));
  }

  private static int end(String text, int start, boolean digits) {
    var at = start;
    var points = 0;
    while (at < text.length()) {
      var c = text.charAt(at);
      if (c == '.') {
        points++;
      }
      var numeric = (c >= '0' && c <= '9') || (c == '.' && (!digits || points == 1));
      if (numeric != digits) {
        break;
      }
      at++;
    }
    return at;
  }

  private static GoJsonException invalid(String text) {
    return new GoJsonException("time: invalid duration " + quoted(text));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
