package dev.penstock.contracts.turn;

import com.fasterxml.jackson.annotation.JsonProperty;

/** States of a turn (turns.md T-4, T-16). */
public enum TurnState {
  /** Stored, perhaps waiting for a slot. */
  @JsonProperty("accepted")
  ACCEPTED,
  @JsonProperty("streaming")
  STREAMING,
  @JsonProperty("completed")
  COMPLETED,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("cancelled")
  CANCELLED,
  @JsonProperty("interrupted")
  INTERRUPTED;

  /** Whether nothing follows, but for a refused turn's restart (T-19). */
  public boolean isFinal() {
    return this != ACCEPTED && this != STREAMING;
  }

  /** The word in JSON and in the database. */
  public String wire() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The state of that word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static TurnState of(String wire) {
    return valueOf(wire.toUpperCase(java.util.Locale.ROOT));
  }
}
