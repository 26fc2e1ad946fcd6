package dev.penstock.simulator.wire;

/** Writes strings as Go's {@code encoding/json} does, which escapes HTML's signs too. */
final class GoJson {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private GoJson() {}

  /** Appends {@code value} with quotes. */
  static void appendString(StringBuilder json, String value) {
    json.append('"');
    append(json, value);
    json.append('"');
  }

  /** Appends {@code value} without quotes. */
  static void append(StringBuilder json, String value) {
    var plainFrom = 0;
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      if (isPlain(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
        continue;
      }
      json.append(value, plainFrom, i);
      appendEscape(json, c);
      plainFrom = i + 1;
    }
    json.append(value, plainFrom, value.length());
  }

  private static boolean isPlain(char c) {
    return c >= ' '
        && c != '"'
        && c != '\\'
        && c != '<'
        && c != '>'
        && c != '&'
        && c != '\u2028'
        && c != '\u2029'
        && !Character.isSurrogate(c);
  }

  private static void appendEscape(StringBuilder json, char c) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\b' -> json.append("\\b");
      case '\f' -> json.append("\\f");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> {
        // A lone surrogate is not UTF-8; Go writes the replacement character, escaped.
        var shown = Character.isSurrogate(c) ? '\ufffd' : c;
        json.append("\\u")
            .append(HEX[shown >> 12])
            .append(HEX[shown >> 8 & 0xF])
            .append(HEX[shown >> 4 & 0xF])
            .append(HEX[shown & 0xF]);
      }
    }
  }
}
