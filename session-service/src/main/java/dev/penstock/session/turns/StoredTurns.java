package dev.penstock.session.turns;

import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Caller;
import java.util.Optional;
import java.util.UUID;

/** Reads and marks single turns of a tenant. */
final class StoredTurns {
  private static final String MARK_CANCELLED =
      """
      UPDATE turn SET cancel = true
      WHERE tenant_id = $1 AND id = $2 AND state IN ('accepted', 'streaming') AND NOT cancel
      """;

  private static final String HIDE =
      """
      UPDATE turn SET deleted_at = clock_timestamp()
      WHERE turn.tenant_id = $1 AND turn.id = $3 AND turn.deleted_at IS NULL AND %s
      """
          .formatted(StoredTurn.VISIBLE);

  private final TenantDatabase foreground;

  StoredTurns(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /** A turn that caller may see. */
  Optional<StoredTurn> find(Caller caller, UUID id) {
    return foreground
        .row(caller.tenant(), StoredTurn.VISIBLE_BY_ID, caller.tenant(), caller.person(), id)
        .map(StoredTurn::read);
  }

  /** Marks a turn, if it is unfinished; its owner hears of it with the next renewal (T-34). */
  void markCancelled(String tenant, UUID id) {
    foreground.run(tenant, MARK_CANCELLED, tenant, id);
  }

  /** Hides a turn from every caller; false if that caller sees none. */
  boolean hide(Caller caller, UUID id) {
    return foreground.run(caller.tenant(), HIDE, caller.tenant(), caller.person(), id).rowCount()
        == 1;
  }
}
