package dev.penstock.contracts.turn;

import dev.penstock.contracts.failure.FailureCode;
import java.time.Duration;

/**
 * A failed turn seen by a repeat of its key (turns.md T-18, T-19).
 *
 * @param answered whether any text is stored with it; then it failed on the way, not at the door
 * @param newest whether its session has no later turn
 * @param age since the turn was accepted, by the store's clock
 */
public record Refusal(FailureCode code, boolean answered, boolean newest, Duration age) {
  /** How long a refused turn can be restarted. */
  public static final Duration RESTARTABLE = Duration.ofMinutes(15);

  /** Whether the turn starts over; otherwise its stored failure is the answer. */
  public boolean restarts() {
    return code.refusesAtTheDoor() && !answered && newest && age.compareTo(RESTARTABLE) < 0;
  }
}
