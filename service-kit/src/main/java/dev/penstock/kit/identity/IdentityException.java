package dev.penstock.kit.identity;

import java.io.Serial;

/** The metadata server gave no token; the message says why and holds no secret. */
final class IdentityException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  IdentityException(String message) {
    super(message, null, false, false);
  }
}
