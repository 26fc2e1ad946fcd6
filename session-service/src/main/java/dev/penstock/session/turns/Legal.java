package dev.penstock.session.turns;

import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.turn.TurnStep;
import java.util.stream.Collectors;

/** The table of legal steps as conditions of SQL (turns.md T-16, T-18, T-19, T-23). */
final class Legal {
  private Legal() {}

  /** Whether a row of {@code turn} is in a state this step starts from. */
  static String step(TurnStep step) {
    return step.origins().stream()
        .map(TurnState::wire)
        .collect(Collectors.joining("', '", "turn.state IN ('", "')"));
  }
}
