package dev.penstock.session.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.wire.Wire;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What a DELETE of a session promises: afterwards no column of any table holds its id, the id of a
 * turn or message of it, or a word that was said in it. The tables are those of the catalog, so a
 * new one is searched by itself.
 */
class ErasureIT {
  private static final String SAID = "mkErasedQ3";
  private static final AgentSession.Key AGENTS =
      new AgentSession.Key("an-app", "somebody", "their-session");

  @Test
  void deletingASessionRemovesEveryRowThatNamesIt() {
    var database = TestDatabase.create();
    try (var service = SessionServiceDriver.start(database)) {
      var sessions = List.of(natively(service), byAnAgent(service));
      var traces = new LinkedHashSet<String>();
      traces.add(SAID);
      for (var session : sessions) {
        traces.add(session.toString());
        for (var table : List.of("turn", "message", "session_event")) {
          traces.addAll(
              database.column("SELECT id FROM " + table + " WHERE session_id = '" + session + "'"));
        }
      }
      assertThat(traces).hasSizeGreaterThan(10);
      assertThat(places(database, traces).toString())
          .contains("session", "turn", "message", "session_event", "request_key", "token_log");

      sessions.forEach(id -> service.send("DELETE", "/sessions/" + id, null));
      database.run("UPDATE session SET deleted_at = deleted_at - interval '6 minutes'");
      retain(database);
      database.run("UPDATE request_key SET created_at = created_at - interval '25 hours'");
      retain(database);
      // As the keeper does two hours after the partition's last turn (PartitionIT, T-7).
      for (var partition : partitions(database)) {
        database.run("DROP TABLE " + partition);
      }

      assertThat(places(database, traces)).isEmpty();
      assertThat(database.column("SELECT key FROM user_state")).containsExactly("kept");
    }
  }

  /** T-5: not even for the day that other keys are kept. */
  @Test
  void noKeyOfADeletedSessionOutlivesItsDay() {
    var database = TestDatabase.create();
    try (var service = SessionServiceDriver.start(database)) {
      var session = natively(service);
      service.send("DELETE", "/sessions/" + session, null);
      database.run("UPDATE request_key SET created_at = created_at - interval '24 hours'");

      retain(database);

      assertThat(database.column("SELECT client_key FROM request_key")).isEmpty();
    }
  }

  private static UUID natively(SessionServiceDriver service) {
    var create =
        new Session.Create(
            "Title " + SAID,
            "person " + SAID,
            "Instruction " + SAID,
            null,
            null,
            GenerationOptions.NONE,
            Map.of("about", SAID),
            "key-" + SAID,
            "hash",
            List.of(draft("Begun " + SAID)));
    var id = service.send("POST", "/sessions", create).as(Session.Created.class).session().id();
    var append = new Item.Append(List.of(draft("Added " + SAID)), "add-" + SAID, "hash");
    service.send("POST", "/sessions/" + id + "/items", append);
    var first = service.ask(id, "Why " + SAID);
    service.flush(Answers.deltas(first.id(), 1, 1, "Because " + SAID));
    service.finish(first.id(), Answers.completed(1, 2, "Because " + SAID));
    service.accept(Accepts.on(Accept.Basis.REGENERATE, first.id()));
    var running = Objects.requireNonNull(service.session(id).activeTurnId());
    service.renew(Accepts.GATEWAY, running);
    service.finish(
        running, Answers.finish(1, 1, "Half " + SAID, new TurnOutcome.Interrupted(Answers.USAGE)));
    return id;
  }

  private static UUID byAnAgent(SessionServiceDriver service) {
    var create =
        new AgentSession.Create(
            AGENTS,
            null,
            "Title " + SAID,
            json("{\"user:kept\":\"of the person\",\"own\":\"" + SAID + "\"}"),
            List.of(json("{\"event\":\"" + SAID + "\"}")));
    var id =
        service
            .send("POST", "/agent-sessions", create)
            .as(AgentSession.Created.class)
            .session()
            .id();
    var turn = service.ask(id, "Again " + SAID);
    service.finish(turn.id(), Answers.completed(1, 1, "Yes " + SAID));
    return id;
  }

  private static void retain(TestDatabase database) {
    var vertx = Vertx.vertx();
    var pool =
        Database.ofOwners(
            vertx,
            DatabaseUrl.parse(database.url()),
            new PoolBounds(1, 8, Duration.ofSeconds(5), Duration.ofSeconds(5)),
            "retention");
    try {
      new Retention(pool, null, _ -> {}).clean();
    } finally {
      pool.close().await();
      vertx.close().await();
    }
  }

  /** Tables that hold one of those texts in any row, whatever the column. */
  private static List<String> places(TestDatabase database, Set<String> traces) {
    var places = new ArrayList<String>();
    for (var table :
        database.column(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'm') AND"
                + " relnamespace NOT IN ('pg_catalog'::regnamespace,"
                + " 'information_schema'::regnamespace)")) {
      for (var trace : traces) {
        if (!database
            .column(
                "SELECT 1 FROM %s AS row WHERE strpos(row::text, '%s') > 0 LIMIT 1"
                    .formatted(table, trace))
            .isEmpty()) {
          places.add(table + " holds " + trace);
        }
      }
    }
    return places;
  }

  private static List<String> partitions(TestDatabase database) {
    return database.column(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
            + " WHERE inhparent = 'penstock.token_log'::regclass");
  }

  private static MessageDraft draft(String text) {
    return MessageDraft.of(new ChatMessage(Role.USER, text));
  }

  private static JsonNode json(String text) {
    return Wire.decode(text, JsonNode.class);
  }
}
