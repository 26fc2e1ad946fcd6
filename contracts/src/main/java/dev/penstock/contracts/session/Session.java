package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.penstock.contracts.generation.GenerationOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A session as native-api.md section 2 shows it. */
public record Session(
    UUID id,
    @Nullable String title,
    @Nullable String user,
    @Nullable String instruction,
    @Nullable String agent,
    @Nullable String model,
    GenerationOptions options,
    Map<String, String> metadata,
    long version,
    int messageCount,
    @Nullable UUID activeTurnId,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * Body of {@code POST /sessions}, checked by the gateway.
   *
   * @param clientKey the client's idempotency key, or one the gateway made
   * @param requestHash SHA-256 of method, path and canonical body, lower-case hex
   * @param messages what it begins with, in order; not written where there is none
   */
  public record Create(
      @Nullable String title,
      @Nullable String user,
      @Nullable String instruction,
      @Nullable String agent,
      @Nullable String model,
      GenerationOptions options,
      Map<String, String> metadata,
      String clientKey,
      String requestHash,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<MessageDraft> messages) {
    public Create {
      messages = messages == null ? List.of() : List.copyOf(messages);
    }

    /** A session that begins empty. */
    public Create(
        @Nullable String title,
        @Nullable String user,
        @Nullable String instruction,
        @Nullable String agent,
        @Nullable String model,
        GenerationOptions options,
        Map<String, String> metadata,
        String clientKey,
        String requestHash) {
      this(
          title,
          user,
          instruction,
          agent,
          model,
          options,
          metadata,
          clientKey,
          requestHash,
          List.of());
    }
  }

  /** Answer of {@code POST /sessions}: 201, or 200 when the key was known. */
  public record Created(Session session, boolean replayed) {}

  /** Answer of {@code GET /sessions}. */
  public record Page(List<Session> data, @Nullable String nextCursor) {}
}
