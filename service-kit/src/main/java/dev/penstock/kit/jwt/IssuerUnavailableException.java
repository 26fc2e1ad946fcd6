package dev.penstock.kit.jwt;

import java.io.Serial;

/** An issuer's documents are not to be had now, so nothing can be said of its tokens. */
final class IssuerUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  IssuerUnavailableException(String message) {
    super(message, null, false, false);
  }
}
