package dev.penstock.session.leases;

import dev.penstock.contracts.session.Renewal;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import java.util.List;
import java.util.UUID;

/**
 * Leases of instances by the database's clock (turns.md T-20, T-21): five seconds long, renewed
 * every second, on connections no flush uses.
 */
public final class Leases {
  // A renewal after expiry begins a new life: whoever takes over must have lived a while (T-22).
  private static final String UPSERT =
      """
      INSERT INTO instance AS known (id, kind, lease_until, alive_since, draining, following)
      VALUES ($1, $2, clock_timestamp() + interval '5 seconds', clock_timestamp(), $3, $4)
      ON CONFLICT (id) DO UPDATE
      SET lease_until = excluded.lease_until, draining = excluded.draining,
        following = excluded.following,
        alive_since = CASE WHEN known.lease_until < clock_timestamp()
          THEN excluded.alive_since ELSE known.alive_since END
      """;

  // What was given to an instance a moment ago may still be on its way to it: it is not told to
  // start that.
  private static final String RENEW =
      "WITH renewed AS ("
          + UPSERT
          + """
          ), mine AS (
            SELECT id, cancel, owned_since FROM turn
            WHERE owner_id = $1 AND state IN ('accepted', 'streaming')
          ), running AS (
            SELECT id FROM unnest($5::uuid[]) AS running (id)
          ), others AS (
            SELECT kind, following FROM instance
            WHERE id <> $1 AND lease_until > clock_timestamp()
          )
          SELECT
            ARRAY(SELECT id FROM running WHERE NOT EXISTS (
              SELECT FROM turn WHERE turn.id = running.id AND turn.owner_id = $1)),
            ARRAY(SELECT id FROM mine WHERE cancel),
            ARRAY(SELECT id FROM mine
              WHERE owned_since < clock_timestamp() - interval '2 seconds'
                AND NOT EXISTS (SELECT FROM running WHERE running.id = mine.id)),
            ARRAY(SELECT id FROM mine WHERE EXISTS (
              SELECT FROM others, unnest(following) AS followed (id) WHERE followed.id = mine.id)),
            (SELECT count(*)::int + 1 FROM others WHERE kind = 'gateway')
          """;

  private static final String RELEASE =
      """
      WITH gone AS (DELETE FROM instance WHERE id = $1)
      UPDATE turn SET owner_id = NULL, released_at = clock_timestamp()
      WHERE owner_id = $1 AND state IN ('accepted', 'streaming')
      """;

  private final Database database;

  public Leases(Database database) {
    this.database = database;
  }

  /** Renews a gateway's lease and says what became of its turns. */
  public Renewal.Result renew(UUID gateway, Renewal renewal) {
    var row =
        database.run(
            RENEW,
            gateway,
            "gateway",
            renewal.draining(),
            array(renewal.following()),
            array(renewal.running()));
    var in = new Columns(row.iterator().next());
    return new Renewal.Result(in.uuids(), in.uuids(), in.uuids(), in.uuids(), in.integer());
  }

  /** Renews the lease of a process of this service, which owns turns only to end them. */
  void renewOwn(UUID service) {
    database.run(UPSERT, service, "session-service", false, new UUID[0]);
  }

  /** Ends a lease at once; turns the instance still had are released. */
  public void release(UUID instance) {
    database.run(RELEASE, instance);
  }

  private static UUID[] array(List<UUID> ids) {
    return ids.toArray(UUID[]::new);
  }
}
