package dev.penstock.gateway.ollama;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes JSON string literals as Go's {@code encoding/json} does: beside what must be escaped also
 * {@code <}, {@code >}, {@code &}, U+2028 and U+2029 (ollama-api.md section 2). U+0085 is escaped
 * as well, other than by Go: ollama-python takes all three for the end of a line of NDJSON.
 */
final class GoString {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private GoString() {}

  /** Appends the literal of {@code text} as UTF-8. */
  static Buffer append(Buffer out, String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.appendByte((byte) '"');
    var written = 0;
    for (var at = 0; at < utf8.length; at++) {
      var length = escapedLength(utf8, at);
      if (length > 0) {
        out.appendBytes(utf8, written, at - written);
        escape(out, codePoint(utf8, at, length));
        at += length - 1;
        written = at + 1;
      }
    }
    return out.appendBytes(utf8, written, utf8.length - written).appendByte((byte) '"');
  }

  /** How many bytes at {@code at} must be escaped together; mostly none. */
  private static int escapedLength(byte[] utf8, int at) {
    var b = utf8[at];
    if (b == (byte) 0xE2) {
      var separator = utf8[at + 1] == (byte) 0x80 && (utf8[at + 2] & 0xFE) == 0xA8;
      return separator ? 3 : 0;
    }
    if (b == (byte) 0xC2) {
      return utf8[at + 1] == (byte) 0x85 ? 2 : 0;
    }
    var escaped = (b >= 0 && b < ' ') || b == '"' || b == '\\' || b == '<' || b == '>' || b == '&';
    return escaped ? 1 : 0;
  }

  private static int codePoint(byte[] utf8, int at, int length) {
    return switch (length) {
      case 1 -> utf8[at];
      case 2 -> 0x85;
      default -> 0x2000 | (utf8[at + 2] & 0x3F);
    };
  }

  private static void escape(Buffer out, int c) {
    switch (c) {
      case '"', '\\' -> out.appendByte((byte) '\\').appendByte((byte) c);
      case '\b' -> out.appendString("\\b");
      case '\f' -> out.appendString("\\f");
      case '\n' -> out.appendString("\\n");
      case '\r' -> out.appendString("\\r");
      case '\t' -> out.appendString("\\t");
      default -> {
        out.appendString("\\u");
        for (var shift = 12; shift >= 0; shift -= 4) {
          out.appendByte(HEX[c >> shift & 0xF]);
        }
      }
    }
  }
}
