package dev.penstock.session.tokenlog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.TestDatabase;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.database.PoolBounds;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Partitions of the token log: made ahead, dropped behind, pruned by polls (turns.md T-6, T-7). */
class PartitionIT {
  private static final PoolBounds BOUNDS =
      new PoolBounds(4, 8, Duration.ofSeconds(5), Duration.ofSeconds(5));

  private static Vertx vertx;
  private static TestDatabase database;
  private static Database pool;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    pool = Database.ofOwners(vertx, DatabaseUrl.parse(database.url()), BOUNDS, "keeper");
  }

  @AfterAll
  static void stop() {
    pool.close().await();
    vertx.close().await();
  }

  /** T-7: several processes keep at once, and again, and nothing changes. */
  @Test
  void keepsThePresentAndTheHoursAheadAndDropsWhatIsOld() throws Exception {
    var now = Instant.now();
    var old = LogPartition.at(now.minus(Duration.ofHours(4)));
    var young = LogPartition.at(now.minus(Duration.ofHours(2)));
    var orphaned = LogPartition.at(now.minus(Duration.ofDays(3)));
    attach(old);
    attach(young);
    database.run("CREATE TABLE " + orphaned.table() + " (LIKE token_log INCLUDING ALL)");
    database.run("ALTER TABLE " + orphaned.table() + " OWNER TO penstock_log");

    try (var keepers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = Collections.<Callable<Boolean>>nCopies(4, () -> new PartitionKeeper(pool).keep());
      for (var call : keepers.invokeAll(calls)) {
        call.get();
      }
    }
    var kept = tables();
    var present = new PartitionKeeper(pool).keep();

    var expected = new ArrayList<>(List.of(young.table()));
    var partition = LogPartition.at(now);
    for (var hour = 0; hour <= 4; hour++, partition = partition.next()) {
      expected.add(partition.table());
    }
    assertThat(kept).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(tables()).isEqualTo(kept);
    assertThat(present).isTrue();
  }

  /** A poll that joins unnest touches the partitions of its turns only. */
  @Test
  void aPollPrunesPartitions() throws SQLException {
    new PartitionKeeper(pool).keep();
    var now = LogPartition.at(Instant.now());
    database.run(
        """
        INSERT INTO session (id, tenant_id) VALUES (gen_random_uuid(), 'a');
        INSERT INTO message (id, tenant_id, ordinal, role, text)
          VALUES ('%1$s', 'a', 1, 'user', 'x');
        INSERT INTO turn (id, tenant_id, ordinal, deadline, model, input_message_id)
          VALUES ('%1$s', 'a', 1, clock_timestamp(), 'm', '%1$s');
        INSERT INTO token_log VALUES ('%1$s', 1, 1, 1, 'deltas', '["x"]');
        """
            .formatted(now.lower()));

    var scanned = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE poll (uuid[], int[], int[]) AS " + LogPoller.POLL);
      try (var plan =
          statement.executeQuery(
              "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE poll (ARRAY['%s'::uuid], '{1}', '{0}')"
                  .formatted(now.lower()))) {
        plan.next();
        collectScans(Wire.decode(plan.getString(1), JsonNode.class), scanned);
      }
    }

    assertThat(scanned).isNotEmpty().containsOnly(now.table());
  }

  private static void collectScans(JsonNode node, List<String> scanned) {
    if (node.path("Relation Name").asText().startsWith("token_log_")
        && node.path("Actual Loops").asInt() > 0) {
      scanned.add(node.path("Relation Name").asText());
    }
    node.forEach(child -> collectScans(child, scanned));
  }

  private static void attach(LogPartition partition) {
    database.run(
        "CREATE TABLE IF NOT EXISTS %s PARTITION OF token_log FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(partition.table(), partition.lower(), partition.upper()));
    database.run("ALTER TABLE " + partition.table() + " OWNER TO penstock_log");
  }

  private static List<String> tables() {
    return database.column(
        "SELECT relname FROM pg_class WHERE relname ~ '^token_log_[0-9]+$' ORDER BY relname");
  }
}
