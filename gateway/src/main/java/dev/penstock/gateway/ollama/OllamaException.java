package dev.penstock.gateway.ollama;

import java.io.Serial;

/** Carries an {@link OllamaError} to the edge; has no stack trace. */
final class OllamaException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient OllamaError error;

  OllamaException(OllamaError error) {
    super(error.text(), null, false, false);
    this.error = error;
  }

  static OllamaException badRequest(String text) {
    return new OllamaException(new OllamaError(400, text));
  }

  OllamaError error() {
    return error;
  }
}
