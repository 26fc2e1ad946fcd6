package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.session.Turn.Problem;
import dev.penstock.contracts.turn.TurnState;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session as clients of agents see it (adk-api.md section 3): known by app, user and an id of
 * theirs, with a state beside its conversation.
 *
 * @param id ours, under which the native API knows it
 * @param state a JSON object: the session's own keys, and those of app and user under their
 *     prefixes
 * @param entries in order; none where they were not asked for
 * @param activeTurnId the turn being answered now
 */
public record AgentSession(
    UUID id,
    Key key,
    JsonNode state,
    List<Entry> entries,
    @Nullable UUID activeTurnId,
    Instant updatedAt) {

  /**
   * What a client calls it by.
   *
   * @param id opaque; for a session that was made natively its UUID
   */
  public record Key(String app, String user, String id) {}

  /** What an event is made of; {@code type} tells which. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Entry.Said.class, name = "said"),
    @JsonSubTypes.Type(value = Entry.Unanswered.class, name = "unanswered"),
    @JsonSubTypes.Type(value = Entry.Kept.class, name = "kept")
  })
  public sealed interface Entry {
    /**
     * A message.
     *
     * @param extra what the dialect kept beside it
     */
    record Said(Message message, @Nullable JsonNode extra, @Nullable Answered turn)
        implements Entry {
      public Said {
        extra = MessageDraft.present(extra);
      }
    }

    /** A turn that ended without any answer. */
    record Unanswered(Answered turn, Instant at) implements Entry {}

    /** An event that no turn made, as it was given; never told to a model. */
    record Kept(UUID id, JsonNode event, Instant at) implements Entry {}
  }

  /** What an event tells of the turn it belongs to. */
  public record Answered(
      UUID id,
      TurnState state,
      @Nullable Problem error,
      @Nullable String agent,
      @Nullable JsonNode extra,
      @Nullable Instant finishedAt) {
    public Answered {
      extra = MessageDraft.present(extra);
    }
  }

  /**
   * A change of state: keys are merged in, the last writer wins, a null is kept as a value. {@code
   * user:} and {@code app:} keys go to what all sessions of that user and app share, {@code temp:}
   * keys nowhere.
   */
  public record StateChange(String app, String user, JsonNode delta) {}

  /**
   * Body of {@code POST /agent-sessions}.
   *
   * @param agent what answers its turns; null for the default
   * @param events to begin with, in order
   */
  public record Create(
      Key key,
      @Nullable String agent,
      @Nullable String title,
      JsonNode state,
      List<JsonNode> events) {}

  /** Answer of {@code POST /agent-sessions}: 201, or 200 if there was one already. */
  public record Created(AgentSession session, boolean existed) {}

  /**
   * Body of {@code PATCH /agent-sessions}.
   *
   * @param title null leaves it
   * @param event what is kept of the change
   */
  public record Change(Key key, @Nullable String title, JsonNode delta, JsonNode event) {}

  /** Answer of {@code GET /agent-sessions}. */
  public record Page(List<AgentSession> data) {}
}
