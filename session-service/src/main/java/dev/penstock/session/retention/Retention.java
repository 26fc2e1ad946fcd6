package dev.penstock.session.retention;

import dev.penstock.session.database.Database;
import java.util.List;

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
  private static final String TURNS =
      """
      WITH gone AS (
        DELETE FROM turn WHERE id IN (
          SELECT id FROM turn
          WHERE deleted_at < clock_timestamp() - interval '5 minutes' AND session_id IS NULL
            AND state NOT IN ('accepted', 'streaming')
            AND NOT EXISTS (SELECT FROM turn AS child WHERE child.parent_turn_id = turn.id)
          LIMIT 100 FOR UPDATE SKIP LOCKED)
        RETURNING id
      ), said AS (
        DELETE FROM message USING gone
        WHERE message.turn_id = gone.id AND message.session_id IS NULL
      )
      SELECT id FROM gone
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

  public Retention(Database database) {
    this.database = database;
  }

  /** Removes what is due now, or a good part of it. */
  public void clean() {
    for (var statement : List.of(SESSIONS, TURNS, KEYS)) {
      var batches = 0;
      while (batches < MAX_BATCHES && database.run(statement).rowCount() > 0) {
        batches++;
      }
    }
    database.run(INSTANCES);
  }
}
