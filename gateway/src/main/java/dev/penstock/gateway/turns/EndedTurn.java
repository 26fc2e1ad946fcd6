package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A turn whose end this instance has committed, as the store has it now: whoever waited for the end
 * need not ask for it.
 *
 * @param accepted as it was accepted here
 * @param finishedAt by the store's clock
 * @param sha256 of the answer's text, lower-case hex
 * @param warnings that came up while it was generated
 */
record EndedTurn(
    Turn accepted,
    Transcript transcript,
    TurnOutcome outcome,
    TerminalEvent event,
    Instant finishedAt,
    String sha256,
    List<Turn.Warning> warnings) {

  /** The turn; makes its text anew each time. */
  Turn turn() {
    return new Turn(
        accepted.id(),
        accepted.sessionId(),
        outcome.state(),
        accepted.attempt(),
        accepted.bases(),
        transcript.last(),
        null,
        false,
        accepted.cancelRequested(),
        accepted.model(),
        accepted.agent(),
        accepted.options(),
        accepted.onDisconnect(),
        accepted.disconnectGraceMs(),
        accepted.regenerates(),
        accepted.continues(),
        accepted.parent(),
        accepted.form(),
        accepted.extra(),
        Stream.concat(accepted.warnings().stream(), warnings.stream()).toList(),
        accepted.input(),
        output(),
        error(),
        null,
        timings(),
        accepted.deadline(),
        accepted.createdAt(),
        finishedAt);
  }

  private Turn.@Nullable Output output() {
    var message = event.messageId();
    return message == null
        ? null
        : new Turn.Output(message, transcript.string(), reason(), usage(), sha256, calls());
  }

  private @Nullable FinishReason reason() {
    return outcome instanceof TurnOutcome.Completed completed ? completed.finishReason() : null;
  }

  private List<ToolCall> calls() {
    return outcome instanceof TurnOutcome.Completed completed ? completed.toolCalls() : List.of();
  }

  private @Nullable Usage usage() {
    return switch (outcome) {
      case TurnOutcome.Completed completed -> completed.usage();
      case TurnOutcome.Failed failed -> failed.usage();
      case TurnOutcome.Cancelled cancelled -> cancelled.usage();
      case TurnOutcome.Interrupted interrupted -> interrupted.usage();
    };
  }

  private @Nullable Timings timings() {
    return switch (outcome) {
      case TurnOutcome.Completed completed -> completed.timings();
      case TurnOutcome.Failed failed -> failed.timings();
      case TurnOutcome.Cancelled _, TurnOutcome.Interrupted _ -> null;
    };
  }

  private Turn.@Nullable Problem error() {
    return outcome instanceof TurnOutcome.Failed(var failure, _, _)
        ? new Turn.Problem(failure.code(), failure.detail(), failure.retryable())
        : null;
  }
}
