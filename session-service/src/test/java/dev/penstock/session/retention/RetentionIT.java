package dev.penstock.session.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.database.PoolBounds;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes when its time is over (turns.md T-5, T-36). */
class RetentionIT {
  private static Vertx vertx;
  private static TestDatabase database;
  private static SessionServiceDriver service;
  private static Database pool;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
    pool =
        Database.ofOwners(
            vertx,
            DatabaseUrl.parse(database.url()),
            new PoolBounds(2, 8, Duration.ofSeconds(5), Duration.ofSeconds(5)),
            "retention");
  }

  @AfterAll
  static void stop() {
    pool.close().await();
    service.close();
    vertx.close().await();
  }

  /** T-36. */
  @Test
  void rowsOfADeletedSessionGoWhenItsTurnIsFinal() {
    var done = deleted(true);
    var running = deleted(false);
    var kept = service.createSession().id();

    new Retention(pool).clean();

    assertThat(rows(done)).isEqualTo("0 0 0");
    assertThat(rows(running)).isEqualTo("1 1 1");
    assertThat(rows(kept)).isEqualTo("1 0 0");
  }

  /** T-5. */
  @Test
  void keysGoAfterADay() {
    var session = service.createSession().id();
    service.createSession();
    var before = keys();
    database.run(
        "UPDATE request_key SET created_at = created_at - interval '25 hours' WHERE session_id = '"
            + session
            + "'");

    new Retention(pool).clean();

    assertThat(keys()).isEqualTo(before - 1);
  }

  @Test
  void deadInstancesAreForgottenOnceTheyOwnNothing() {
    var gone = UUID.randomUUID();
    service.renew(gone);
    database.run(
        "UPDATE instance SET lease_until = clock_timestamp() - interval '2 hours' WHERE id = '"
            + gone
            + "'");

    new Retention(pool).clean();

    assertThat(database.column("SELECT id FROM instance WHERE id = '" + gone + "'")).isEmpty();
    assertThat(database.column("SELECT id FROM instance")).isNotEmpty();
  }

  private static UUID deleted(boolean finish) {
    var session = service.createSession().id();
    var turn = service.ask(session, "Going");
    if (finish) {
      service.finish(turn.id(), Answers.completed(1, 1, ""));
    }
    service.send("DELETE", "/sessions/" + session, null);
    database.run(
        "UPDATE session SET deleted_at = deleted_at - interval '6 minutes' WHERE id = '"
            + session
            + "'");
    return session;
  }

  private static String rows(UUID session) {
    return database
        .column(
            """
            SELECT concat_ws(' ',
              (SELECT count(*) FROM session WHERE id = '%1$s'),
              (SELECT count(*) FROM turn WHERE session_id = '%1$s'),
              (SELECT count(*) FROM message WHERE session_id = '%1$s'))
            """
                .formatted(session))
        .getFirst();
  }

  private static int keys() {
    return Integer.parseInt(database.column("SELECT count(*) FROM request_key").getFirst());
  }
}
