package dev.penstock.session.turns;

import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.Columns;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that accept needs to know for a turn without session, from one snapshot. Ids and time are the
 * database's.
 *
 * @param freshTurn id for a new turn
 * @param freshMessage id for its input's main message
 * @param key what the request's idempotency key stands for; null if it is new
 * @param parentState null if there is no parent, or none that the caller may see
 * @param nextOrdinal of the new turn's first message: ordinals rise along a chain as in a session
 * @param history of the parent and what came before it
 */
record AskedChain(
    UUID freshTurn,
    UUID freshMessage,
    Instant now,
    @Nullable RequestKey key,
    @Nullable TurnState parentState,
    int nextOrdinal,
    List<History.Entry> history) {

  /** {@code $1} tenant, {@code $2} person or null, {@code $3} key, {@code $4} parent or null. */
  static final String SELECT =
      """
      SELECT uuid7_now(), uuid7_now(), clock_timestamp(), key.req_hash, key.turn_id, %s,
        parent.state, coalesce(parent.ordinal + parent.inputs + 1, 1), %s
      FROM (VALUES ($2::text)) AS asker (person)
      LEFT JOIN request_key AS key ON key.tenant_id = $1 AND key.client_key = $3
      LEFT JOIN turn AS parent ON parent.tenant_id = $1 AND parent.id = $4
        AND parent.deleted_at IS NULL AND %s
      LEFT JOIN LATERAL (%s) AS history ON true
      """
          .formatted(
              RequestKey.IS_FREE,
              History.COLUMNS,
              StoredTurn.VISIBLE.replace("turn.", "parent."),
              // Of a parent that the caller may not see nothing is even read.
              History.upTo("parent.id"));

  static AskedChain read(Columns in) {
    return new AskedChain(
        in.uuid(),
        in.uuid(),
        in.instant(),
        RequestKey.read(in),
        in.wordOrNull(TurnState.class),
        in.integer(),
        History.read(in));
  }
}
