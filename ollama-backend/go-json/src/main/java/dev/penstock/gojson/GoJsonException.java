package dev.penstock.gojson;

import java.io.Serial;

/** What a text is not, in Go's own words; a 400 at any edge. Has no stack trace. */
public final class GoJsonException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  GoJsonException(String text) {
    super(text, null, false, false);
  }

  /** Go's words. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
