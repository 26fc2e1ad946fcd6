package dev.penstock.gateway.gemini;

import java.io.Serial;

/** Carries a {@link GeminiError} to the edge; has no stack trace. */
final class GeminiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient GeminiError error;

  GeminiException(GeminiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  GeminiError error() {
    return error;
  }
}
