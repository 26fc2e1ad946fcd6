package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as native-api.md section 2 shows it.
 *
 * @param sessionId null for a message of a turn without session
 * @param ordinal rises within the session; may have gaps
 * @param toolCalls what an assistant asked for; not written where there is none
 * @param toolCallId the call a tool's message answers; not written where there is none
 * @param toolName the tool a tool's message answers for; not written where there is none
 */
public record Message(
    UUID id,
    @Nullable UUID sessionId,
    @Nullable UUID turnId,
    int ordinal,
    Role role,
    String text,
    @Nullable String model,
    Status status,
    @Nullable FinishReason finishReason,
    @Nullable Usage usage,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ToolCall> toolCalls,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String toolCallId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String toolName,
    Instant createdAt) {

  public Message {
    toolCalls = toolCalls == null ? List.of() : List.copyOf(toolCalls);
  }

  /** Whether the answer is whole. */
  public enum Status {
    @JsonProperty("complete")
    COMPLETE,
    @JsonProperty("partial")
    PARTIAL
  }

  /** Answer of {@code GET /sessions/{id}/messages}. */
  public record Page(List<Message> data, @Nullable String nextCursor) {}
}
