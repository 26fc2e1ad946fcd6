package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a model's final event tells, the same for one that was just stored and one that is read
 * again.
 *
 * @param id the answer's, or the turn's where it has none
 * @param turn null for an answer of no turn
 * @param text null where nothing was answered
 * @param state how its turn ended
 * @param extra what was kept with the turn
 */
record Finished(
    UUID id,
    @Nullable UUID turn,
    @Nullable String text,
    List<ToolCall> calls,
    TurnState state,
    @Nullable FinishReason reason,
    @Nullable Usage usage,
    @Nullable String model,
    Turn.@Nullable Problem error,
    @Nullable String agent,
    @Nullable JsonNode extra,
    Instant at) {

  /** Of a turn that has ended. */
  static Finished of(Turn turn) {
    var output = turn.output();
    return new Finished(
        output == null ? turn.id() : output.messageId(),
        turn.id(),
        output == null ? null : output.text(),
        output == null ? List.of() : output.toolCalls(),
        turn.state(),
        output == null ? null : output.finishReason(),
        output == null ? null : output.usage(),
        turn.model(),
        turn.error(),
        turn.agent(),
        turn.extra(),
        Objects.requireNonNullElse(turn.finishedAt(), turn.createdAt()));
  }

  /** Of an answer in a session. */
  static Finished of(Message message, AgentSession.@Nullable Answered turn) {
    return new Finished(
        message.id(),
        message.turnId(),
        message.text(),
        message.toolCalls(),
        turn == null ? TurnState.COMPLETED : turn.state(),
        message.finishReason(),
        message.usage(),
        message.model(),
        turn == null ? null : turn.error(),
        turn == null ? null : turn.agent(),
        turn == null ? null : turn.extra(),
        turn == null || turn.finishedAt() == null ? message.createdAt() : turn.finishedAt());
  }

  /** Of a turn in a session that ended without an answer. */
  static Finished of(AgentSession.Entry.Unanswered unanswered) {
    var turn = unanswered.turn();
    return new Finished(
        turn.id(),
        turn.id(),
        null,
        List.of(),
        turn.state(),
        null,
        null,
        null,
        turn.error(),
        turn.agent(),
        turn.extra(),
        unanswered.at());
  }
}
