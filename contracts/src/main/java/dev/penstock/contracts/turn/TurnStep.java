package dev.penstock.contracts.turn;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can happen to a turn, and the state it leads to (turns.md T-10, T-16, T-18, T-19, T-23). */
public enum TurnStep {
  /** Its first row is stored. */
  STREAM,
  COMPLETE,
  FAIL,
  CANCEL,
  INTERRUPT,
  /** The proxy refused it before anything streamed. */
  REFUSE,
  /** Its key came again in time, and it had been refused. */
  RESTART,
  /** Another process goes on with it, or ends it, under the next attempt. */
  CLAIM;

  /** The state after this step; empty if the step is not legal in {@code state}. */
  public Optional<TurnState> from(TurnState state) {
    return switch (state) {
      case ACCEPTED -> fromAccepted();
      case STREAMING -> fromStreaming();
      case FAILED -> this == RESTART ? Optional.of(TurnState.ACCEPTED) : Optional.empty();
      case COMPLETED, CANCELLED, INTERRUPTED -> Optional.empty();
    };
  }

  /** The states this step is legal in. */
  public Set<TurnState> origins() {
    return Stream.of(TurnState.values())
        .filter(state -> from(state).isPresent())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(TurnState.class)));
  }

  /** Whether this step raises the attempt, and so fences whoever worked on the turn before. */
  public boolean raisesAttempt() {
    return this == CLAIM || this == RESTART;
  }

  private Optional<TurnState> fromAccepted() {
    return switch (this) {
      case CLAIM -> Optional.of(TurnState.ACCEPTED);
      case REFUSE -> Optional.of(TurnState.FAILED);
      default -> fromStreaming();
    };
  }

  private Optional<TurnState> fromStreaming() {
    return switch (this) {
      case STREAM, CLAIM -> Optional.of(TurnState.STREAMING);
      case COMPLETE -> Optional.of(TurnState.COMPLETED);
      case FAIL -> Optional.of(TurnState.FAILED);
      case CANCEL -> Optional.of(TurnState.CANCELLED);
      case INTERRUPT -> Optional.of(TurnState.INTERRUPTED);
      case REFUSE, RESTART -> Optional.empty();
    };
  }
}
