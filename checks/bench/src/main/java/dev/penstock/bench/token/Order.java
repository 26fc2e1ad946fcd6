package dev.penstock.bench.token;

import java.nio.charset.StandardCharsets;

/**
 * What a prompt asks the backend for; every hop in between passes it on as the user's text.
 *
 * @param tokens how many
 * @param everyMicros time between two; 0 for as fast as they are taken
 */
public record Order(int tokens, int everyMicros) {
  private static final String TOKENS = "tokens=";
  private static final String EVERY = ";every=";

  /** The prompt's text. */
  public String prompt() {
    return TOKENS + tokens + EVERY + everyMicros + ";";
  }

  /** The last order in a request body, as histories hold earlier ones; null where there is none. */
  public static @org.jspecify.annotations.Nullable Order find(byte[] body) {
    var text = new String(body, StandardCharsets.ISO_8859_1);
    var start = text.lastIndexOf(TOKENS);
    if (start < 0) {
      return null;
    }
    var every = text.indexOf(EVERY, start);
    var end = text.indexOf(';', every + EVERY.length());
    return new Order(
        Integer.parseInt(text, start + TOKENS.length(), every, 10),
        Integer.parseInt(text, every + EVERY.length(), end, 10));
  }
}
