package dev.penstock.contracts.sse;

import java.io.Serial;

/** A stream has a line or an event beyond the reader's bounds; reading on makes no sense. */
public final class SseLimitException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  SseLimitException(String what, int maxBytes) {
    super(what + " is longer than " + maxBytes + " bytes", null, false, false);
  }
}
