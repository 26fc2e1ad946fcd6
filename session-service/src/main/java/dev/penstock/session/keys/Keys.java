package dev.penstock.session.keys;

import dev.penstock.contracts.access.StoredKey;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import java.util.Optional;

/** Looks up keys of any tenant. Every call blocks its virtual thread. */
public final class Keys {
  // One statement, which writes at most once a minute and key however many gateways ask.
  private static final String FIND =
      """
      WITH used AS (
        UPDATE api_key SET last_used_at = clock_timestamp()
        WHERE id = $1 AND revoked_at IS NULL
          AND (expires_at IS NULL OR expires_at > clock_timestamp())
          AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')
      )
      SELECT %s FROM api_key WHERE id = $1
      """
          .formatted(KeyRow.COLUMNS);

  private final Database owners;

  public Keys(Database owners) {
    this.owners = owners;
  }

  /** A key, revoked and expired ones too; notes the minute in which one was used. */
  Optional<StoredKey> find(String id) {
    return Columns.first(owners.run(FIND, id)).map(KeyRow::read);
  }
}
