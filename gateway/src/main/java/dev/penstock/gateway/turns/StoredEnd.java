package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The terminal event of a turn, told from the turn itself: its log may be gone. */
public final class StoredEnd {
  private static final Usage UNKNOWN = new Usage(0, 0, true);

  private StoredEnd() {}

  /** The event of a final turn. */
  public static TerminalEvent of(Turn turn) {
    var output = turn.output();
    var message = output == null ? null : output.messageId();
    return switch (turn.state()) {
      case COMPLETED ->
          new TerminalEvent.Completed(
              message,
              output == null
                  ? FinishReason.STOP
                  : Objects.requireNonNullElse(output.finishReason(), FinishReason.STOP),
              usage(output),
              turn.timings(),
              output == null ? sha256OfNothing() : output.sha256(),
              output == null ? List.of() : output.toolCalls());
      case FAILED -> {
        var error = turn.error();
        yield error == null
            ? new TerminalEvent.Failed(
                FailureCode.INTERNAL, FailureCode.INTERNAL.title(), false, message)
            : new TerminalEvent.Failed(error.code(), error.detail(), error.retryable(), message);
      }
      case CANCELLED -> new TerminalEvent.Cancelled(message, usage(output));
      case INTERRUPTED -> new TerminalEvent.Interrupted(message, usage(output));
      case ACCEPTED, STREAMING ->
          throw new IllegalArgumentException("turn " + turn.id() + " is not final");
    };
  }

  private static Usage usage(Turn.@Nullable Output output) {
    return output == null ? UNKNOWN : Objects.requireNonNullElse(output.usage(), UNKNOWN);
  }

  private static String sha256OfNothing() {
    return AnswerText.sha256("".getBytes(StandardCharsets.UTF_8), 0);
  }
}
