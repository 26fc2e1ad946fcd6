package dev.penstock.gateway.request;

import java.util.Locale;

/** Text in requests: counted in code points, and the words that stand for enums. */
public final class Texts {
  private Texts() {}

  /** Whether the text has so many code points. */
  public static boolean hasCodePoints(String text, int least, int most) {
    var count = text.codePointCount(0, text.length());
    return count >= least && count <= most;
  }

  /** The word a request says for an enum's value. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
