package dev.penstock.session.sessions;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Session;
import dev.penstock.session.database.Columns;
import io.vertx.sqlclient.Row;

/**
 * A session's row.
 *
 * @param updatedMicros last activity in microseconds since the epoch, for cursors
 */
public record StoredSession(Session session, long updatedMicros) {
  private static final TypeReference<java.util.Map<String, String>> METADATA =
      new TypeReference<>() {};

  /** In the order {@link #read(Columns)} takes them. */
  public static final String COLUMNS =
      """
      session.id, session.title, session.person, session.instruction, session.agent, session.model,
      session.options::text, session.metadata::text, session.version, session.message_count,
      session.active_turn_id, session.created_at, session.updated_at, session.updated_at
      """;

  /** {@code $1} tenant, {@code $2} person or null, {@code $3} session. */
  public static final String VISIBLE =
      """
      session.tenant_id = $1 AND session.deleted_at IS NULL
        AND ($2::text IS NULL OR session.person = $2) AND session.id = $3
      """;

  static StoredSession read(Row row) {
    return read(new Columns(row));
  }

  /** Reads the {@link #COLUMNS} of a row. */
  public static StoredSession read(Columns in) {
    var session =
        new Session(
            in.uuid(),
            in.textOrNull(),
            in.textOrNull(),
            in.textOrNull(),
            in.textOrNull(),
            in.textOrNull(),
            in.json(GenerationOptions.class),
            in.json(METADATA),
            in.number(),
            in.integer(),
            in.uuidOrNull(),
            in.instant(),
            in.instant());
    return new StoredSession(session, in.micros());
  }
}
