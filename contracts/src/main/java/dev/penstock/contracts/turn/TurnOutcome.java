package dev.penstock.contracts.turn;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, as its owner reports it with finish; {@code type} tells which. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TurnOutcome.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = TurnOutcome.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = TurnOutcome.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = TurnOutcome.Interrupted.class, name = "interrupted")
})
public sealed interface TurnOutcome {
  /** The state this outcome puts the turn in. */
  TurnState state();

  /**
   * The model's own end, or the 1 MiB bound ({@code length}).
   *
   * @param toolCalls what the model asked for, in its order; not written where there is none
   */
  record Completed(
      FinishReason finishReason,
      Usage usage,
      Timings timings,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ToolCall> toolCalls)
      implements TurnOutcome {
    public Completed {
      toolCalls = toolCalls == null ? List.of() : List.copyOf(toolCalls);
    }

    /** Text alone. */
    public Completed(FinishReason finishReason, Usage usage, Timings timings) {
      this(finishReason, usage, timings, List.of());
    }

    @Override
    public TurnState state() {
      return TurnState.COMPLETED;
    }
  }

  /** Broken, with whatever text there is. */
  record Failed(Failure failure, @Nullable Usage usage, @Nullable Timings timings)
      implements TurnOutcome {
    @Override
    public TurnState state() {
      return TurnState.FAILED;
    }
  }

  /** Stopped on request. */
  record Cancelled(Usage usage) implements TurnOutcome {
    @Override
    public TurnState state() {
      return TurnState.CANCELLED;
    }
  }

  /** Nobody could go on with it. */
  record Interrupted(Usage usage) implements TurnOutcome {
    @Override
    public TurnState state() {
      return TurnState.INTERRUPTED;
    }
  }
}
