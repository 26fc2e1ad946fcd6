package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.turn.TurnState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn as session-service hands it to a gateway; the gateway renders native-api.md section 3 from
 * it.
 *
 * @param bases base of attempt 1, 2, …; null while unknown
 * @param lastSeq last seq known to the store
 * @param owner instance that generates it; null when released or final
 * @param ownerAlive whether the owner's lease still runs
 * @param parent the turn whose transcript came before this one; null for a session's
 * @param form what its answer may be made of
 * @param extra what the dialect keeps with it; null for nothing
 * @param trace the W3C {@code traceparent} of the span it was last generated under; null where that
 *     was in no sampled trace
 * @param input the last user message of what it was given, or the last message if none is a user's
 * @param output null until there is an answer
 */
public record Turn(
    UUID id,
    @Nullable UUID sessionId,
    TurnState state,
    int attempt,
    List<@Nullable Integer> bases,
    int lastSeq,
    @Nullable UUID owner,
    boolean ownerAlive,
    boolean cancelRequested,
    String model,
    @Nullable String agent,
    GenerationOptions options,
    OnDisconnect onDisconnect,
    long disconnectGraceMs,
    @Nullable UUID regenerates,
    @Nullable UUID continues,
    @Nullable UUID parent,
    AnswerForm form,
    @Nullable JsonNode extra,
    List<Warning> warnings,
    Input input,
    @Nullable Output output,
    @Nullable Problem error,
    @Nullable QueuePlace queue,
    @Nullable Timings timings,
    Instant deadline,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String trace) {

  public Turn {
    form = form == null ? AnswerForm.PLAIN : form;
    extra = MessageDraft.present(extra);
  }

  /** A turn outside every trace. */
  public Turn(
      UUID id,
      @Nullable UUID sessionId,
      TurnState state,
      int attempt,
      List<@Nullable Integer> bases,
      int lastSeq,
      @Nullable UUID owner,
      boolean ownerAlive,
      boolean cancelRequested,
      String model,
      @Nullable String agent,
      GenerationOptions options,
      OnDisconnect onDisconnect,
      long disconnectGraceMs,
      @Nullable UUID regenerates,
      @Nullable UUID continues,
      @Nullable UUID parent,
      AnswerForm form,
      @Nullable JsonNode extra,
      List<Warning> warnings,
      Input input,
      @Nullable Output output,
      @Nullable Problem error,
      @Nullable QueuePlace queue,
      @Nullable Timings timings,
      Instant deadline,
      Instant createdAt,
      @Nullable Instant finishedAt) {
    this(
        id,
        sessionId,
        state,
        attempt,
        bases,
        lastSeq,
        owner,
        ownerAlive,
        cancelRequested,
        model,
        agent,
        options,
        onDisconnect,
        disconnectGraceMs,
        regenerates,
        continues,
        parent,
        form,
        extra,
        warnings,
        input,
        output,
        error,
        queue,
        timings,
        deadline,
        createdAt,
        finishedAt,
        null);
  }

  /** Something the caller asked for that had no effect. */
  public record Warning(String code, String detail) {}

  /**
   * @param messageId null while the message is withdrawn (turns.md T-18)
   */
  public record Input(@Nullable UUID messageId, String text) {}

  /**
   * @param finishReason null for a turn that did not complete
   * @param toolCalls what the model asked for; not written where there is none
   */
  public record Output(
      UUID messageId,
      String text,
      @Nullable FinishReason finishReason,
      @Nullable Usage usage,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ToolCall> toolCalls) {
    public Output {
      toolCalls = toolCalls == null ? List.of() : List.copyOf(toolCalls);
    }

    /** Text alone. */
    public Output(
        UUID messageId,
        String text,
        @Nullable FinishReason finishReason,
        @Nullable Usage usage,
        String sha256) {
      this(messageId, text, finishReason, usage, sha256, List.of());
    }
  }

  /** Why a turn failed. */
  public record Problem(FailureCode code, String detail, boolean retryable) {}

  /** Answer of {@code GET /sessions/{id}/turns}. */
  public record Page(List<Turn> data, @Nullable String nextCursor) {}
}
