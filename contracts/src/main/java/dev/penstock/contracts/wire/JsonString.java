package dev.penstock.contracts.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes JSON string literals without a generator, for the token path: quotes, and escapes for
 * {@code "}, {@code \} and the C0 controls (sse.md SSE-5). All else stays as it is, U+2028
 * included.
 *
 * <p>The text must be well-formed UTF-16; {@code StorableText} makes it so.
 */
public final class JsonString {
  private static final byte[][] ESCAPES = escapes();

  private JsonString() {}

  /** Appends the literal of {@code text} as UTF-8. */
  public static Buffer append(Buffer out, String text) {
    // Encoding first keeps the JDK's vectorised path; what needs an escape is ASCII and stays one
    // byte.
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    return append(out, utf8, 0, utf8.length);
  }

  /** Appends the literal of the text whose UTF-8 is {@code utf8[from, to)}. */
  public static Buffer append(Buffer out, byte[] utf8, int from, int to) {
    out.appendByte((byte) '"');
    var written = from;
    for (var at = from; at < to; at++) {
      if (isEscaped(utf8[at])) {
        out.appendBytes(utf8, written, at - written).appendBytes(ESCAPES[utf8[at]]);
        written = at + 1;
      }
    }
    return out.appendBytes(utf8, written, to - written).appendByte((byte) '"');
  }

  /**
   * How much longer one byte of UTF-8 becomes inside a literal: 0 for all but quotes, backslashes
   * and C0 controls.
   */
  public static int growth(byte b) {
    return isEscaped(b) ? ESCAPES[b].length - 1 : 0;
  }

  private static boolean isEscaped(byte b) {
    return (b >= 0 && b < ' ') || b == '"' || b == '\\';
  }

  /** Appends the literal of {@code text}. */
  public static StringBuilder append(StringBuilder out, String text) {
    out.append('"');
    var written = 0;
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(text, written, at).append(new String(ESCAPES[c], StandardCharsets.US_ASCII));
        written = at + 1;
      }
    }
    return out.append(text, written, text.length()).append('"');
  }

  private static byte[][] escapes() {
    var escapes = new byte['\\' + 1][];
    for (var c = 0; c < ' '; c++) {
      escapes[c] = "\\u%04x".formatted(c).getBytes(StandardCharsets.US_ASCII);
    }
    escapes['\b'] = new byte[] {'\\', 'b'};
    escapes['\t'] = new byte[] {'\\', 't'};
    escapes['\n'] = new byte[] {'\\', 'n'};
    escapes['\f'] = new byte[] {'\\', 'f'};
    escapes['\r'] = new byte[] {'\\', 'r'};
    escapes['"'] = new byte[] {'\\', '"'};
    escapes['\\'] = new byte[] {'\\', '\\'};
    return escapes;
  }
}
