package dev.penstock.session.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bounded pools, time-outs, and a database that goes away (reliability F7, F8). */
class OverloadIT {
  private static TestDatabase database;
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service =
        SessionServiceDriver.start(
            database,
            Map.of(
                "PENSTOCK_FOREGROUND_POOL_SIZE", "2",
                "PENSTOCK_POOL_QUEUE", "2",
                "PENSTOCK_POOL_WAIT_MS", "400"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /**
   * A locked session holds its callers up, is refused with Retry-After, and nobody else notices.
   */
  @Test
  void aLockedRowFailsFastAndTheLogGoesOn() throws Exception {
    var session = service.createSession();
    var other = service.ask(service.createSession().id(), "Elsewhere");
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1 FROM session WHERE id = '" + session.id() + "' FOR UPDATE");
      var calls = new ArrayList<Callable<SessionServiceDriver.Answer>>();
      for (var i = 0; i < 8; i++) {
        calls.add(() -> service.send("POST", "/turns", Accepts.question(session.id(), "Locked")));
      }
      var answers = calls.stream().map(threads::submit).toList();
      await().atMost(Duration.ofSeconds(5)).until(() -> gauge("busy", "foreground") == 2);

      assertThat(service.flush(Answers.deltas(other.id(), 1, 1, "on")).status()).isEqualTo(204);
      assertThat(service.renew(UUID.randomUUID()).liveGateways()).isPositive();
      for (var answer : answers) {
        assertThat(answer.get().code()).isEqualTo("store_unavailable");
        assertThat(answer.get().status()).isEqualTo(503);
        assertThat(answer.get().response().headers().firstValue("Retry-After")).contains("1");
        assertThat(gauge("busy", "foreground")).isLessThanOrEqualTo(2);
        assertThat(gauge("connections", "foreground")).isLessThanOrEqualTo(2);
      }
      connection.rollback();
    }

    assertThat(service.ask(session.id(), "Free again").attempt()).isEqualTo(1);
    assertThat(gauge("busy", "foreground")).isZero();
    assertThat(gauge("waiting", "foreground")).isZero();
  }

  /** Every connection is cut, as a restart of the database does. */
  @Test
  void goesOnAfterItsConnectionsWereCut() {
    var session = service.createSession();
    database.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
            + " current_database() AND application_name LIKE 'penstock-%'");

    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> service.get("/sessions/" + session.id()).status() == 200);
    assertThat(service.ask(session.id(), "Back").attempt()).isEqualTo(1);
  }

  /** The session's own settings hold in the database, too. */
  @Test
  void everyConnectionHasItsRoleAndTimeouts() {
    service.createSession();

    assertThat(
            database.column(
                "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname ="
                    + " current_database() AND application_name LIKE 'penstock-%' ORDER BY 1"))
        .contains("penstock-foreground", "penstock-leases");
  }

  private static double gauge(String what, String pool) {
    return service
        .metrics()
        .registry()
        .get("penstock_db_pool_" + what)
        .tag("pool", pool)
        .gauge()
        .value();
  }
}
