package dev.penstock.gateway.ollama;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Writes instants as Go's {@code time.RFC3339Nano} in UTC: {@code 2026-03-02T10:11:13.5Z}, the
 * fraction without trailing zeros (ollama-api.md section 2). Without a formatter, since every frame
 * has one.
 */
final class GoTime {
  private static final int LONGEST = "2026-03-02T10:11:13.123456789Z".length();

  private GoTime() {}

  static String text(Instant at) {
    return append(Buffer.buffer(LONGEST), at).toString();
  }

  static Buffer append(Buffer out, Instant at) {
    var time = LocalDateTime.ofEpochSecond(at.getEpochSecond(), 0, ZoneOffset.UTC);
    var text = new byte[LONGEST];
    digits(text, 0, time.getYear() / 100);
    digits(text, 2, time.getYear() % 100);
    text[4] = '-';
    digits(text, 5, time.getMonthValue());
    text[7] = '-';
    digits(text, 8, time.getDayOfMonth());
    text[10] = 'T';
    digits(text, 11, time.getHour());
    text[13] = ':';
    digits(text, 14, time.getMinute());
    text[16] = ':';
    digits(text, 17, time.getSecond());
    var end = fraction(text, at.getNano());
    text[end] = 'Z';
    return out.appendBytes(text, 0, end + 1);
  }

  private static void digits(byte[] text, int at, int two) {
    text[at] = (byte) ('0' + two / 10);
    text[at + 1] = (byte) ('0' + two % 10);
  }

  private static int fraction(byte[] text, int nanos) {
    var at = 19;
    if (nanos > 0) {
      text[at++] = '.';
      var rest = nanos;
      for (var unit = 100_000_000; rest > 0; unit /= 10) {
        text[at++] = (byte) ('0' + rest / unit);
        rest %= unit;
      }
    }
    return at;
  }
}
