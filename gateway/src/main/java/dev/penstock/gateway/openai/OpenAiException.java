package dev.penstock.gateway.openai;

import java.io.Serial;

/** Carries an {@link OpenAiError} to the edge; has no stack trace. */
final class OpenAiException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient OpenAiError error;

  OpenAiException(OpenAiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  OpenAiError error() {
    return error;
  }
}
