package dev.penstock.kit.jwt;

import java.io.Serial;

/**
 * A token that is not to be believed; the message says why, for us alone, and quotes none of it.
 */
public final class JwtRefusedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** A refusal without a stack trace: strangers may cause any number of them. */
  public JwtRefusedException(String message) {
    super(message, null, false, false);
  }
}
