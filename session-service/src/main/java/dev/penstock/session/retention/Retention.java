package dev.penstock.session.retention;

import dev.penstock.session.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes rows nobody can ask for any more, in small batches; any number of processes may do so at
 * once.
 */
public final class Retention {
  /** How often {@link #clean} is to be called, in milliseconds. */
  public static final long PERIOD_MS = 60_000;

  private static final int MAX_BATCHES = 100;

  // Readers of a deleted session's last turn poll its end; five minutes are far beyond their 30 s.
  // Messages and turns go with the session.
  private static final String SESSIONS =
      """
      DELETE FROM session WHERE id IN (
        SELECT id FROM session
        WHERE deleted_at < clock_timestamp() - interval '5 minutes' AND active_turn_id IS NULL
        LIMIT 20 FOR UPDATE SKIP LOCKED)
      """;

  // What is chained to a deleted turn still needs its messages.
  private static final String CHAINED =
      """
      WITH gone AS (
        DELETE FROM turn WHERE id IN (
          SELECT id FROM turn
          WHERE %s AND session_id IS NULL AND state NOT IN ('accepted', 'streaming')
            AND NOT EXISTS (SELECT FROM turn AS child WHERE child.parent_turn_id = turn.id)
          LIMIT 100 FOR UPDATE SKIP LOCKED)
        RETURNING id
      ), said AS (
        DELETE FROM message USING gone
        WHERE message.turn_id = gone.id AND message.session_id IS NULL
      )
      SELECT id FROM gone
      """;

  private static final String TURNS =
      CHAINED.formatted("deleted_at < clock_timestamp() - interval '5 minutes'");

  // An id tells when its turn was accepted.
  private static final String OLD_TURNS =
      CHAINED.formatted(
          "id < uuid7_floor(clock_timestamp() - $1 * interval '1 millisecond')"
              + " AND deleted_at IS NULL AND finished_at"
              + " < clock_timestamp() - $1 * interval '1 millisecond'");

  // The index by activity begins with the tenant, so this steps from tenant to tenant in it and
  // takes the oldest of each. Hidden as by a DELETE: a reader of the last turn still sees its end,
  // keys are free, rows go with the deleted ones.
  private static final String OLD_SESSIONS =
      """
      WITH RECURSIVE tenants AS (
        (SELECT tenant_id FROM session WHERE deleted_at IS NULL AND version > 0
         ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT session.tenant_id FROM session
                WHERE session.tenant_id > tenants.tenant_id AND deleted_at IS NULL AND version > 0
                ORDER BY session.tenant_id LIMIT 1)
        FROM tenants WHERE tenants.tenant_id IS NOT NULL
      ), old AS (
        SELECT oldest.id FROM tenants CROSS JOIN LATERAL (
          SELECT id FROM session
          WHERE session.tenant_id = tenants.tenant_id AND deleted_at IS NULL AND version > 0
            AND updated_at < clock_timestamp() - $1 * interval '1 millisecond'
            AND active_turn_id IS NULL
          ORDER BY updated_at, id LIMIT 100) AS oldest
        LIMIT 100
      )
      UPDATE session
      SET deleted_at = clock_timestamp(), updated_at = clock_timestamp(), version = version + 1
      FROM old
      WHERE session.id = old.id AND session.deleted_at IS NULL AND session.active_turn_id IS NULL
        AND session.updated_at < clock_timestamp() - $1 * interval '1 millisecond'
      RETURNING session.id
      """;

  private static final String KEYS =
      """
      DELETE FROM request_key WHERE (tenant_id, client_key) IN (
        SELECT tenant_id, client_key FROM request_key
        WHERE created_at < clock_timestamp() - interval '24 hours'
        LIMIT 1000 FOR UPDATE SKIP LOCKED)
      """;

  private static final String INSTANCES =
      """
      DELETE FROM instance WHERE lease_until < clock_timestamp() - interval '1 hour'
        AND NOT EXISTS (
          SELECT FROM turn
          WHERE turn.owner_id = instance.id AND turn.state IN ('accepted', 'streaming'))
      """;

  private final Database database;
  private final @Nullable Duration sessionTtl;
  private final IntConsumer expired;

  /**
   * @param sessionTtl after which a conversation nobody went on with is removed; null for never
   * @param expired told how many conversations that were, each time there were some
   */
  public Retention(Database database, @Nullable Duration sessionTtl, IntConsumer expired) {
    this.database = database;
    this.sessionTtl = sessionTtl;
    this.expired = expired;
  }

  /** Removes what is due now, or a good part of it. */
  public void clean() {
    if (sessionTtl != null) {
      var milliseconds = (double) sessionTtl.toMillis();
      for (var statement : List.of(OLD_SESSIONS, OLD_TURNS)) {
        var count = run(statement, milliseconds);
        if (count > 0) {
          expired.accept(count);
        }
      }
    }
    for (var statement : List.of(SESSIONS, TURNS, KEYS)) {
      run(statement);
    }
    database.run(INSTANCES);
  }

  private int run(String statement, Object... arguments) {
    var count = 0;
    for (var batches = 0; batches < MAX_BATCHES; batches++) {
      var removed = database.run(statement, arguments).rowCount();
      if (removed == 0) {
        break;
      }
      count += removed;
    }
    return count;
  }
}
