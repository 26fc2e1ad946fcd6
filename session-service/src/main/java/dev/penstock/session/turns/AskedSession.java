package dev.penstock.session.turns;

import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.session.database.Columns;
import dev.penstock.session.state.AgentSessionKey;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that accept needs to know of a session, from one snapshot. It decides on it without a lock;
 * its write then holds only if the session still has this version, which every change raises. Ids
 * and time are the database's.
 *
 * @param freshTurn id for a new turn
 * @param freshMessage id for its input's main message
 * @param key what the request's idempotency key stands for; null if it is new
 */
record AskedSession(
    UUID id,
    long version,
    @Nullable String person,
    @Nullable String title,
    @Nullable String instruction,
    @Nullable String agent,
    @Nullable String model,
    GenerationOptions options,
    @Nullable UUID activeTurn,
    @Nullable UUID lastTurn,
    int nextOrdinal,
    UUID freshTurn,
    UUID freshMessage,
    Instant now,
    @Nullable RequestKey key,
    List<History.Entry> history) {

  private static final String SELECT =
      """
      SELECT session.id, session.version, session.person, session.title, session.instruction,
        session.agent, session.model, session.options::text, session.active_turn_id, session.last_turn_id,
        session.next_ordinal, uuid7_now(), uuid7_now(), clock_timestamp(),
        key.req_hash, key.turn_id, %s, %s
      FROM session
      LEFT JOIN request_key AS key ON key.tenant_id = $1 AND key.client_key = $3
      %s
      WHERE session.tenant_id = $1 AND session.deleted_at IS NULL
        AND ($2::text IS NULL OR session.person = $2)
        AND session.id =\s
      """
          .formatted(RequestKey.IS_FREE, History.COLUMNS, History.FROM_SESSION);

  /** {@code $1} tenant, {@code $2} person or null, {@code $3} key, {@code $4} session. */
  static final String BY_ID = SELECT + "$4";

  /** {@code $1} tenant, {@code $2} person or null, {@code $3} key, {@code $4} a turn of it. */
  static final String BY_TURN =
      SELECT + "(SELECT session_id FROM turn WHERE turn.tenant_id = $1 AND turn.id = $4)";

  /**
   * {@code $1} tenant, {@code $2} person or null, {@code $3} key, {@code $4} app, {@code $5} user,
   * {@code $6} the client's id, {@code $7} the same as a UUID or null.
   */
  static final String BY_AGENT_KEY =
      SELECT + AgentSessionKey.FOUND.formatted("$4", "$5", "$6", "$7");

  /** What it says for all its turns. */
  Resolution.Inherited inherited() {
    return new Resolution.Inherited(model, agent, options, instruction);
  }

  static AskedSession read(Columns in) {
    return new AskedSession(
        in.uuid(),
        in.number(),
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.textOrNull(),
        in.json(GenerationOptions.class),
        in.uuidOrNull(),
        in.uuidOrNull(),
        in.integer(),
        in.uuid(),
        in.uuid(),
        in.instant(),
        RequestKey.read(in),
        History.read(in));
  }
}
