package dev.penstock.gateway.turns;

import java.util.Locale;

/** Why a reader is asked to come back (sse.md section 2). */
public enum ReconnectReason {
  DRAIN,
  MOVED,
  MAX_AGE,
  BUSY,
  STORE_UNAVAILABLE;

  /** The word on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
