package dev.penstock.proxy.ollama;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a token frame as Ollama writes nearly all of them, without a JSON parser, which
 * would be a tenth of what a relayed token costs. Every other line is the parser's: one with an
 * escape, another order of members or one more of them.
 */
final class UsualFrame {
  private static final byte[] START = ascii("{\"model\":\"");
  private static final byte[] BEFORE_TEXT =
      ascii(",\"message\":{\"role\":\"assistant\",\"content\":\"");
  private static final byte[] AFTER_TEXT = ascii("\"},\"done\":false}");
  private static final int BRACE_IN_BEFORE_TEXT = ",\"message\":".length();

  private UsualFrame() {}

  /** The text of the line, or null if the line is not of the usual form. */
  static @Nullable String text(byte[] line, int start, int end) {
    if (!startsWith(line, start, end, START)) {
      return null;
    }
    // Quotes inside a JSON string are escaped, so the first brace is the message's or in a name.
    var brace = indexOfBrace(line, start + 1, end);
    var from = brace - BRACE_IN_BEFORE_TEXT + BEFORE_TEXT.length;
    var to = end - AFTER_TEXT.length;
    if (brace < 0
        || from > to
        || !startsWith(line, brace - BRACE_IN_BEFORE_TEXT, end, BEFORE_TEXT)
        || !startsWith(line, to, end, AFTER_TEXT)
        || !isPlain(line, from, to)) {
      return null;
    }
    return new String(line, from, to - from, StandardCharsets.UTF_8);
  }

  private static int indexOfBrace(byte[] line, int start, int end) {
    for (var at = start; at < end; at++) {
      if (line[at] == '{') {
        return at;
      }
    }
    return -1;
  }

  private static boolean startsWith(byte[] line, int at, int end, byte[] prefix) {
    return at >= 0
        && end - at >= prefix.length
        && Arrays.equals(line, at, at + prefix.length, prefix, 0, prefix.length);
  }

  /** No escape, no end of the string, no control character, which JSON does not allow. */
  private static boolean isPlain(byte[] line, int start, int end) {
    for (var at = start; at < end; at++) {
      var b = line[at];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
