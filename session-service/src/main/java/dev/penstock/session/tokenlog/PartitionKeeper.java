package dev.penstock.session.tokenlog;

import static java.lang.System.Logger.Level.DEBUG;

import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Makes the token log's partitions ahead of time and drops those whose time is over. One process at
 * a time, by an advisory lock; running it more often than needed does nothing.
 */
public final class PartitionKeeper {
  /** How often {@link #keep} is to be called, in milliseconds. */
  public static final long PERIOD_MS = 60_000;

  private static final System.Logger LOG = System.getLogger(PartitionKeeper.class.getName());
  private static final int HOURS_AHEAD = 4;
  private static final long LOCK = 0x70656e73746f636bL; // "penstock"

  // A detach that was cut off leaves the partition pending; a drop that was cut off leaves a table
  // without a parent.
  private static final String TABLES =
      """
      SELECT relname::text, inhparent IS NOT NULL, coalesce(inhdetachpending, false)
      FROM pg_class LEFT JOIN pg_inherits ON inhrelid = pg_class.oid
      WHERE relnamespace = 'penstock'::regnamespace AND relkind = 'r'
        AND relname ~ '^token_log_[0-9]{10}$'
      """;

  private final Database database;

  public PartitionKeeper(Database database) {
    this.database = database;
  }

  /**
   * Makes and drops what the database's clock asks for, unless another process is at it.
   *
   * @return whether the present has its partition
   */
  public boolean keep() {
    var present = new AtomicBoolean();
    database.withSession(
        session -> {
          var locked = session.row("SELECT pg_try_advisory_lock($1)", LOCK).flag();
          var now = session.row("SELECT clock_timestamp()").instant();
          if (locked) {
            try {
              keep(session, now);
            } finally {
              session.row("SELECT pg_advisory_unlock($1)", LOCK);
            }
          }
          present.set(attached(tables(session)).contains(LogPartition.at(now)));
        });
    return present.get();
  }

  private static void keep(Database.Session session, Instant now) {
    var tables = tables(session);
    for (var table : tables) {
      if (table.partition().droppableAt(now)) {
        drop(session, table);
      }
    }
    var attached = attached(tables);
    var partition = LogPartition.at(now);
    for (var hour = 0; hour <= HOURS_AHEAD; hour++, partition = partition.next()) {
      if (!attached.contains(partition)) {
        make(session, partition);
      }
    }
  }

  private static Set<LogPartition> attached(List<Table> tables) {
    return tables.stream()
        .filter(Table::attached)
        .map(Table::partition)
        .collect(Collectors.toSet());
  }

  private static List<Table> tables(Database.Session session) {
    var tables = new ArrayList<Table>();
    for (var row : session.rows(TABLES)) {
      var in = new Columns(row);
      tables.add(new Table(LogPartition.named(in.text()), in.flag(), in.flag()));
    }
    return tables;
  }

  // Attaching a table locks the log less than making a partition in place would. Rows are never
  // updated or deleted, so there is nothing to vacuum.
  private static void make(Database.Session session, LogPartition partition) {
    session.script(
        """
        CREATE TABLE %1$s (LIKE token_log INCLUDING ALL) WITH (autovacuum_enabled = off);
        ALTER TABLE token_log ATTACH PARTITION %1$s FOR VALUES FROM ('%2$s') TO ('%3$s')
        """
            .formatted(partition.table(), partition.lower(), partition.upper()));
    LOG.log(DEBUG, "made " + partition.table());
  }

  private static void drop(Database.Session session, Table table) {
    var name = table.partition().table();
    if (table.attached()) {
      session.script(
          "ALTER TABLE token_log DETACH PARTITION "
              + name
              + (table.detaching() ? " FINALIZE" : " CONCURRENTLY"));
    }
    session.script("DROP TABLE " + name);
    LOG.log(DEBUG, "dropped " + name);
  }

  private record Table(LogPartition partition, boolean attached, boolean detaching) {}
}
