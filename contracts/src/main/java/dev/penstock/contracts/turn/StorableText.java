package dev.penstock.contracts.turn;

/**
 * Text as it may be stored and sent: U+0000 and surrogates without their other half are U+FFFD
 * (sse.md SSE-9, SSE-10). An instance does so for text that arrives in pieces cut anywhere, even
 * inside a surrogate pair.
 */
public final class StorableText {
  private static final char REPLACEMENT = '\uFFFD';

  private char heldBack;

  /** The storable form of a text that is whole; the same string if it is storable as it is. */
  public static String of(String text) {
    for (var at = 0; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == 0 || Character.isSurrogate(c)) {
        return replaced(text, at);
      }
    }
    return text;
  }

  /**
   * The storable form of the next piece. A high surrogate at its end waits for the next one.
   *
   * @return empty if nothing can be said yet
   */
  public String feed(String piece) {
    if (piece.isEmpty()) {
      return piece;
    }
    var last = piece.charAt(piece.length() - 1);
    var waits = Character.isHighSurrogate(last);
    var ready = waits ? piece.substring(0, piece.length() - 1) : piece;
    var text = heldBack == 0 ? ready : heldBack + ready;
    heldBack = waits ? last : 0;
    return of(text);
  }

  /** What is left when no piece follows: U+FFFD if half a pair still waits, else empty. */
  public String end() {
    var unpaired = heldBack != 0;
    heldBack = 0;
    return unpaired ? String.valueOf(REPLACEMENT) : "";
  }

  private static String replaced(String text, int from) {
    var out = new StringBuilder(text.length()).append(text, 0, from);
    for (var at = from; at < text.length(); at++) {
      var c = text.charAt(at);
      if (Character.isHighSurrogate(c)
          && at + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(at + 1))) {
        at++;
        out.append(c).append(text.charAt(at));
      } else {
        out.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return out.toString();
  }
}
