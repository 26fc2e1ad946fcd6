package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.Resume;
import java.util.Locale;

/** Why text is sent whole. */
public enum SnapshotReason {
  /** The answer goes on from an earlier turn's. */
  CONTINUE,
  /** The reader's position belongs to an attempt that counts no longer that far. */
  NEW_ATTEMPT,
  /** The reader's position is unknown here. */
  REWIND;

  static SnapshotReason of(Resume.Snapshot.Reason reason) {
    return switch (reason) {
      case NEW_ATTEMPT -> NEW_ATTEMPT;
      case REWIND -> REWIND;
    };
  }

  /** The word on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
