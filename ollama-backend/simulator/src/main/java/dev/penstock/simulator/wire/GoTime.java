package dev.penstock.simulator.wire;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes instants as Go's {@code time.RFC3339Nano} in UTC: {@code 2026-03-02T10:11:13.5Z}, the
 * fraction without trailing zeros.
 */
public final class GoTime {
  private GoTime() {}

  /** The instant's text. */
  public static String text(Instant at) {
    var text = new StringBuilder(30);
    append(text, at);
    return text.toString();
  }

  static void append(StringBuilder text, Instant at) {
    var time = LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, ZoneOffset.UTC);
    var year = time.getYear();
    digits(text, year / 100).append((char) ('0' + year / 10 % 10)).append((char) ('0' + year % 10));
    digits(text.append('-'), time.getMonthValue());
    digits(text.append('-'), time.getDayOfMonth());
    digits(text.append('T'), time.getHour());
    digits(text.append(':'), time.getMinute());
    digits(text.append(':'), time.getSecond());
    fraction(text, at.getNano());
    text.append('Z');
  }

  private static StringBuilder digits(StringBuilder text, int two) {
    return text.append((char) ('0' + two / 10)).append((char) ('0' + two % 10));
  }

  private static void fraction(StringBuilder text, int nanos) {
    if (nanos == 0) {
      return;
    }
    text.append('.');
    var rest = nanos;
    for (var unit = 100_000_000; rest > 0; unit /= 10) {
      text.append((char) ('0' + rest / unit));
      rest %= unit;
    }
  }
}
