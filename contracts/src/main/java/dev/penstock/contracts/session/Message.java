package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Usage;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as native-api.md section 2 shows it.
 *
 * @param ordinal rises within the session; may have gaps
 */
public record Message(
    UUID id,
    UUID sessionId,
    @Nullable UUID turnId,
    int ordinal,
    Role role,
    String text,
    @Nullable String model,
    Status status,
    @Nullable FinishReason finishReason,
    @Nullable Usage usage,
    Instant createdAt) {

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
