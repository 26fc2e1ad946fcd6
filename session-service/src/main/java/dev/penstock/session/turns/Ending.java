package dev.penstock.session.turns;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a turn ended, as its row keeps it; the terminal event can be told from it at any time. */
record Ending(
    TurnState state,
    @Nullable FinishReason finishReason,
    @Nullable Usage usage,
    @Nullable Timings timings,
    Turn.@Nullable Problem error,
    List<ToolCall> toolCalls) {

  private static final Usage NOTHING_COUNTED = new Usage(0, 0, true);

  static Ending of(TurnOutcome outcome) {
    return switch (outcome) {
      case TurnOutcome.Completed(var reason, var usage, var timings, var calls) ->
          new Ending(TurnState.COMPLETED, reason, usage, timings, null, calls);
      case TurnOutcome.Failed(var failure, var usage, var timings) ->
          new Ending(
              TurnState.FAILED,
              null,
              usage,
              timings,
              new Turn.Problem(failure.code(), failure.detail(), failure.retryable()),
              List.of());
      case TurnOutcome.Cancelled(var usage) ->
          new Ending(TurnState.CANCELLED, null, usage, null, null, List.of());
      case TurnOutcome.Interrupted(var usage) ->
          new Ending(TurnState.INTERRUPTED, null, usage, null, null, List.of());
    };
  }

  /** Whether the proxy refused it, if nothing was generated as well (turns.md T-18). */
  boolean refusesAtTheDoor() {
    return error != null && error.code().refusesAtTheDoor();
  }

  /** What the terminal row holds. */
  TerminalEvent event(@Nullable UUID messageId, String sha256) {
    return switch (state) {
      case COMPLETED ->
          new TerminalEvent.Completed(
              messageId,
              finishReason == null ? FinishReason.STOP : finishReason,
              counted(),
              timings,
              sha256,
              toolCalls);
      case FAILED -> {
        var problem =
            error == null ? new Turn.Problem(FailureCode.INTERNAL, "It failed.", false) : error;
        yield new TerminalEvent.Failed(
            problem.code(), problem.detail(), problem.retryable(), messageId);
      }
      case CANCELLED -> new TerminalEvent.Cancelled(messageId, counted());
      case INTERRUPTED -> new TerminalEvent.Interrupted(messageId, counted());
      case ACCEPTED, STREAMING -> throw new IllegalStateException("an unfinished turn has no end");
    };
  }

  private Usage counted() {
    return usage == null ? NOTHING_COUNTED : usage;
  }
}
