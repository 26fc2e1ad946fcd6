package dev.penstock.contracts.turn;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The last event of a turn as the log stores it and native clients see it (native-api.md section
 * 4). Written by session-service inside finish; it does not repeat the text (T-10).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TerminalEvent.Completed.class, name = "turn.completed"),
  @JsonSubTypes.Type(value = TerminalEvent.Failed.class, name = "turn.failed"),
  @JsonSubTypes.Type(value = TerminalEvent.Cancelled.class, name = "turn.cancelled"),
  @JsonSubTypes.Type(value = TerminalEvent.Interrupted.class, name = "turn.interrupted")
})
public sealed interface TerminalEvent {
  /** The answer's message; null if nothing was answered. */
  @Nullable UUID messageId();

  /** The SSE event's name, the same as its JSON {@code type}. */
  default String eventName() {
    return switch (this) {
      case Completed _ -> "turn.completed";
      case Failed _ -> "turn.failed";
      case Cancelled _ -> "turn.cancelled";
      case Interrupted _ -> "turn.interrupted";
    };
  }

  /**
   * The answer is committed.
   *
   * @param messageId null if the answer is empty
   * @param sha256 of the UTF-8 text, lower-case hex
   * @param toolCalls what the model asked for, in its order; not written where there is none
   */
  record Completed(
      @Nullable UUID messageId,
      FinishReason finishReason,
      Usage usage,
      @Nullable Timings timings,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ToolCall> toolCalls)
      implements TerminalEvent {
    public Completed {
      toolCalls = toolCalls == null ? List.of() : List.copyOf(toolCalls);
    }

    /** Text alone. */
    public Completed(
        @Nullable UUID messageId,
        FinishReason finishReason,
        Usage usage,
        @Nullable Timings timings,
        String sha256) {
      this(messageId, finishReason, usage, timings, sha256, List.of());
    }
  }

  /** The turn failed; partial text, if any, is the message. */
  record Failed(FailureCode code, String detail, boolean retryable, @Nullable UUID messageId)
      implements TerminalEvent {}

  /** Stopped on request. */
  record Cancelled(@Nullable UUID messageId, Usage usage) implements TerminalEvent {}

  /** Nobody could go on with it. */
  record Interrupted(@Nullable UUID messageId, Usage usage) implements TerminalEvent {}
}
