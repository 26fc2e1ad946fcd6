package dev.penstock.session.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.database.PoolBounds;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

    cleaner(null).clean();

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

    cleaner(null).clean();

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

    cleaner(null).clean();

    assertThat(database.column("SELECT id FROM instance WHERE id = '" + gone + "'")).isEmpty();
    assertThat(database.column("SELECT id FROM instance")).isNotEmpty();
  }

  /** Nobody went on with it for longer than the limit, by the database's clock. */
  @Test
  void aConversationGoesWhenNobodyWentOnWithItForTooLong() {
    var old = answered("Old");
    var young = answered("Young");
    var running = service.createSession().id();
    service.ask(running, "Still running");
    var ofAnother = ofAnotherTenant();
    aged(old, "31 days");
    aged(young, "29 days");
    aged(running, "31 days");
    aged(ofAnother, "31 days");

    var counts = new ArrayList<Integer>();
    var cleaner = new Retention(pool, Duration.ofDays(30), counts::add);
    cleaner.clean();

    assertThat(service.get("/sessions/" + old).status()).isEqualTo(404);
    assertThat(service.get("/sessions/" + young).status()).isEqualTo(200);
    assertThat(service.get("/sessions/" + running).status()).isEqualTo(200);
    assertThat(service.sessionOf(service.turn(active(running))).activeTurnId()).isNotNull();
    assertThat(counts).containsExactly(2);
    database.run("UPDATE session SET deleted_at = deleted_at - interval '6 minutes'");
    cleaner.clean();
    assertThat(rows(old)).isEqualTo("0 0 0");
    assertThat(rows(ofAnother)).isEqualTo("0 0 0");
    assertThat(rows(young)).isEqualTo("1 1 2");
    assertThat(rows(running)).isEqualTo("1 1 1");
  }

  /**
   * A response goes last of those that were chained to it, and its chain stays while it is used.
   */
  @Test
  void responsesGoFromTheEndOfTheirChain() {
    var first = chained(null);
    var second = chained(first);
    var fresh = chained(first);
    for (var turn : List.of(first, second)) {
      database.run(
          "UPDATE turn SET id = overlay(id::text PLACING '0190' FROM 1 FOR 4)::uuid,"
              + " finished_at = finished_at - interval '31 days' WHERE id = '%s'".formatted(turn));
      database.run(
          "UPDATE turn SET parent_turn_id = overlay('%1$s' PLACING '0190' FROM 1 FOR 4)::uuid WHERE parent_turn_id = '%1$s'"
              .formatted(turn));
      database.run(
          "UPDATE message SET turn_id = overlay('%1$s' PLACING '0190' FROM 1 FOR 4)::uuid WHERE turn_id = '%1$s'"
              .formatted(turn));
    }

    new Retention(pool, Duration.ofDays(30), _ -> {}).clean();

    assertThat(messages(aged(second))).isZero();
    assertThat(messages(aged(first))).isEqualTo(2);
    assertThat(messages(fresh)).isEqualTo(2);
    service.send("DELETE", "/turns/" + fresh, null);
    database.run("UPDATE turn SET deleted_at = deleted_at - interval '6 minutes'");
    cleaner(null).clean();
    new Retention(pool, Duration.ofDays(30), _ -> {}).clean();
    assertThat(messages(aged(first))).isZero();
  }

  /** One run removes at most so many, and the next goes on. */
  @Test
  void aLargeBacklogIsRemovedInBatchesUpToALimit() {
    database.run(
        "INSERT INTO session (id, tenant_id, updated_at) SELECT uuid7_now(), 't' || n % 7,"
            + " clock_timestamp() - interval '90 days' FROM generate_series(1, 10500) AS n");
    var counts = new ArrayList<Integer>();
    var cleaner = new Retention(pool, Duration.ofDays(60), counts::add);

    cleaner.clean();
    cleaner.clean();

    assertThat(counts).containsExactly(10_000, 500);
    database.run("DELETE FROM session WHERE tenant_id LIKE 't_'");
  }

  private static Retention cleaner(@Nullable Duration sessionTtl) {
    return new Retention(pool, sessionTtl, _ -> {});
  }

  private static UUID answered(String question) {
    var session = service.createSession().id();
    service.finish(service.ask(session, question).id(), Answers.completed(1, 1, "Yes."));
    return session;
  }

  private static UUID ofAnotherTenant() {
    var id = UUID.randomUUID();
    database.run("INSERT INTO session (id, tenant_id) VALUES ('" + id + "', 'another')");
    return id;
  }

  private static void aged(UUID session, String age) {
    database.run(
        "UPDATE session SET updated_at = updated_at - interval '%s' WHERE id = '%s'"
            .formatted(age, session));
  }

  private static UUID active(UUID session) {
    return Objects.requireNonNull(service.session(session).activeTurnId());
  }

  private static UUID chained(@Nullable UUID parent) {
    var accepted = service.accept(Accepts.chained(parent, new ChatMessage(Role.USER, "And then?")));
    var turn = ((Accept.Result.Accepted) accepted).assignment().turn().id();
    service.finish(turn, Answers.completed(1, 1, "Then that."));
    return turn;
  }

  private static UUID aged(UUID turn) {
    return UUID.fromString("0190" + turn.toString().substring(4));
  }

  private static int messages(UUID turn) {
    return Integer.parseInt(
        database.column("SELECT count(*) FROM message WHERE turn_id = '" + turn + "'").getFirst());
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
