package dev.penstock.session.turns;

import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The turns of a session: every one, refused and regenerated ones too. */
public final class SessionTurns {
  private SessionTurns() {}

  /** The turns behind {@code ordinal}, or before it where {@code descending}. */
  public static List<StoredTurn> read(
      TenantDatabase foreground,
      String tenant,
      UUID session,
      boolean descending,
      int ordinal,
      int limit) {
    var sql = descending ? StoredTurn.BEFORE_ORDINAL : StoredTurn.AFTER_ORDINAL;
    var rows = foreground.run(tenant, sql, tenant, session, ordinal, limit);
    var turns = new ArrayList<StoredTurn>(rows.size());
    for (var row : rows) {
      turns.add(StoredTurn.read(new Columns(row)));
    }
    return turns;
  }
}
