package dev.penstock.gateway.turns;

import dev.penstock.contracts.wire.JsonString;

/** Where UTF-8 may be cut so that each piece is whole scalar values (SSE-9). */
final class TextCut {
  private TextCut() {}

  /**
   * The largest cut in {@code [from, to]} that leaves at most {@code maxBytes} before it; {@code
   * from} if not even the first scalar value fits.
   */
  static int within(byte[] utf8, int from, int to, int maxBytes) {
    return to - from <= maxBytes ? to : scalarStart(utf8, from, from + maxBytes);
  }

  /** The same, for what the text becomes inside a JSON string literal, its quotes not counted. */
  static int withinLiteral(byte[] utf8, int from, int to, int maxBytes) {
    if ((to - from) * 6L <= maxBytes) { // no byte grows more
      return to;
    }
    var left = maxBytes;
    for (var at = from; at < to; at++) {
      left -= 1 + JsonString.growth(utf8[at]);
      if (left < 0) {
        return scalarStart(utf8, from, at);
      }
    }
    return to;
  }

  private static int scalarStart(byte[] utf8, int from, int at) {
    var start = at;
    while (start > from && (utf8[start] & 0xC0) == 0x80) {
      start--;
    }
    return start;
  }
}
