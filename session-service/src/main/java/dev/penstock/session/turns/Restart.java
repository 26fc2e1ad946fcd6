package dev.penstock.session.turns;

import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.turn.TurnStep;
import dev.penstock.session.database.TenantDatabase;
import java.util.Optional;
import java.util.UUID;

/**
 * Starts a turn over that was refused at the door, when its key comes again (turns.md T-19). One
 * caller wins; the others attach.
 */
final class Restart {
  // A continuation keeps its stored prefix, the row of seq 1; every other turn begins at 0.
  private static final String RESTART =
      """
      WITH locked AS MATERIALIZED (
        SELECT id FROM session
        WHERE tenant_id = $1 AND last_turn_id = $2
          AND id = (SELECT session_id FROM turn WHERE turn.tenant_id = $1 AND turn.id = $2)
          AND deleted_at IS NULL
        FOR NO KEY UPDATE
      ), restarted AS (
        UPDATE turn
        SET state = 'accepted', attempt = attempt + 1,
          bases = bases || CASE WHEN continues IS NULL THEN 0 ELSE 1 END,
          last_seq = NULL, owner_id = $4, owned_since = clock_timestamp(), released_at = NULL,
          cancel = false, refused = false, error = NULL, usage = NULL, timings = NULL,
          sha256 = NULL, queue = NULL, finished_at = NULL,
          deadline = clock_timestamp() + $5 * interval '1 millisecond', trace_context = $6
        WHERE tenant_id = $1 AND id = $2 AND attempt = $3 AND %s AND refused
          AND (session_id IS NULL OR EXISTS (SELECT FROM locked))
        RETURNING id, tenant_id, session_id, input_message_id
      ), restored AS (
        UPDATE message SET withdrawn = false FROM restarted
        WHERE message.tenant_id = restarted.tenant_id AND message.withdrawn AND %s
        RETURNING message.id
      ), taken AS (
        UPDATE session
        SET version = version + 1, active_turn_id = restarted.id,
          message_count = message_count + (SELECT count(*)::int FROM restored),
          updated_at = clock_timestamp()
        FROM restarted
        WHERE session.tenant_id = restarted.tenant_id AND session.id = restarted.session_id
      )
      SELECT id FROM restarted
      """
          .formatted(Legal.step(TurnStep.RESTART), Given.OF.formatted("restarted"));

  private final TenantDatabase foreground;

  Restart(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /** Whether a repeated key starts this turn over, if it is its session's newest. */
  static boolean isDue(StoredTurn turn) {
    return turn.refused() && turn.young();
  }

  /** The assignment of the new attempt; empty if another caller was faster. */
  Optional<Accept.Assignment> restart(Accept accept, StoredTurn refused) {
    var tenant = refused.tenant();
    var id = refused.turn().id();
    var won =
        foreground.run(
            tenant,
            RESTART,
            tenant,
            id,
            refused.turn().attempt(),
            accept.instance(),
            (double) accept.terms().deadlineMs(),
            accept.trace());
    return won.size() == 0
        ? Optional.empty()
        : find(tenant, id)
            .map(
                stored ->
                    Assignments.of(
                        stored,
                        (sql, arguments) -> foreground.run(tenant, sql, arguments),
                        Optional.ofNullable(stored.turn().continues())
                            .flatMap(continued -> find(tenant, continued))));
  }

  private Optional<StoredTurn> find(String tenant, UUID id) {
    return foreground.row(tenant, StoredTurn.VISIBLE_BY_ID, tenant, null, id).map(StoredTurn::read);
  }
}
