package dev.penstock.contracts.turn;

import static dev.penstock.contracts.turn.TurnState.ACCEPTED;
import static dev.penstock.contracts.turn.TurnState.CANCELLED;
import static dev.penstock.contracts.turn.TurnState.COMPLETED;
import static dev.penstock.contracts.turn.TurnState.FAILED;
import static dev.penstock.contracts.turn.TurnState.INTERRUPTED;
import static dev.penstock.contracts.turn.TurnState.STREAMING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** T-16, T-19. */
class TurnStepTest {
  private static final Map<TurnState, Map<TurnStep, TurnState>> LEGAL =
      Map.of(
          ACCEPTED,
          Map.of(
              TurnStep.STREAM, STREAMING,
              TurnStep.CLAIM, ACCEPTED,
              TurnStep.REFUSE, FAILED,
              TurnStep.COMPLETE, COMPLETED,
              TurnStep.FAIL, FAILED,
              TurnStep.CANCEL, CANCELLED,
              TurnStep.INTERRUPT, INTERRUPTED),
          STREAMING,
          Map.of(
              TurnStep.STREAM, STREAMING,
              TurnStep.CLAIM, STREAMING,
              TurnStep.COMPLETE, COMPLETED,
              TurnStep.FAIL, FAILED,
              TurnStep.CANCEL, CANCELLED,
              TurnStep.INTERRUPT, INTERRUPTED),
          FAILED,
          Map.of(TurnStep.RESTART, ACCEPTED));

  @Test
  void everyOtherStepIsIllegal() {
    for (var state : TurnState.values()) {
      var to = new EnumMap<TurnStep, TurnState>(TurnStep.class);
      for (var step : TurnStep.values()) {
        step.from(state).ifPresent(next -> to.put(step, next));
      }
      assertThat(to).as("from " + state).isEqualTo(LEGAL.getOrDefault(state, Map.of()));
    }
  }

  @Test
  void finalMeansThatAtMostARestartFollows() {
    for (var state : TurnState.values()) {
      var last =
          List.of(TurnStep.values()).stream()
              .filter(step -> step != TurnStep.RESTART)
              .allMatch(step -> step.from(state).isEmpty());
      assertThat(state.isFinal()).as(state.wire()).isEqualTo(last);
    }
  }

  @Test
  void claimAndRestartFenceWhoeverWorkedOnTheTurnBefore() {
    assertThat(TurnStep.values())
        .filteredOn(TurnStep::raisesAttempt)
        .containsExactlyInAnyOrder(TurnStep.CLAIM, TurnStep.RESTART);
  }
}
