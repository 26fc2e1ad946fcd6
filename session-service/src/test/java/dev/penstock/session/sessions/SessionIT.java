package dev.penstock.session.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.SessionServiceDriver.Answer;
import dev.penstock.session.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions over HTTP (native-api.md section 2). */
class SessionIT {
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void isCreatedOncePerKey() {
    var create = create("ada", "once");

    var first = service.send("POST", "/sessions", create);
    var second = service.send("POST", "/sessions", create);

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(200);
    var session = first.as(Session.Created.class).session();
    assertThat(second.as(Session.Created.class)).isEqualTo(new Session.Created(session, true));
    assertThat(session.user()).isEqualTo("ada");
    assertThat(session.version()).isEqualTo(1);
    assertThat(session.metadata()).containsExactlyEntriesOf(Map.of("origin", "test"));
    assertThat(service.session(session.id())).isEqualTo(session);
  }

  @Test
  void listsLatestActivityFirstWithoutGapOrRepeat() {
    var sessions = new ArrayList<UUID>();
    for (var i = 0; i < 7; i++) {
      sessions.add(created("lister", UUID.randomUUID().toString()).id());
    }
    service.finish(service.ask(sessions.get(2), "Active").id(), Answers.completed(1, 1, "ok"));

    var listed = new ArrayList<UUID>();
    @Nullable String after = null;
    do {
      var page =
          service
              .get("/sessions?limit=3&user=lister" + (after == null ? "" : "&after=" + after))
              .as(Session.Page.class);
      page.data().forEach(session -> listed.add(session.id()));
      after = page.nextCursor();
    } while (after != null);

    var expected = new ArrayList<>(sessions.reversed());
    expected.remove(sessions.get(2));
    expected.addFirst(sessions.get(2));
    assertThat(listed).containsExactlyElementsOf(expected);
    assertThat(service.get("/sessions").as(Session.Page.class).data()).isNotEmpty();
  }

  @Test
  void refusesAMalformedCursorLimitOrOrder() {
    var id = service.createSession().id();

    assertThat(service.get("/sessions?after=nonsense").code()).isEqualTo("invalid_request");
    assertThat(service.get("/sessions?limit=0").status()).isEqualTo(400);
    assertThat(service.get("/sessions?limit=101").status()).isEqualTo(400);
    assertThat(service.get("/sessions/" + id + "/messages?order=up").status()).isEqualTo(400);
    assertThat(service.get("/sessions/" + id + "/turns?after=YTEuMQ").status()).isEqualTo(400);
    assertThat(
            service.get("/sessions/" + id.toString().toUpperCase(java.util.Locale.ROOT)).status())
        .isEqualTo(400);
    assertThat(service.get("/sessions/" + UUID.randomUUID()).code()).isEqualTo("not_found");
  }

  @Test
  void aMergePatchChangesWhatItNames() {
    var session = created(null, UUID.randomUUID().toString());

    var patched =
        patch(
                session.id(),
                """
                {"title":"Pandas","model":"gemma3:1b","options":{"temperature":0.5,"top_k":null},
                 "metadata":{"origin":null,"kept":"yes"}}
                """)
            .as(Session.class);
    var again = patch(session.id(), "{\"title\":\"Pandas\"}").as(Session.class);
    var removed = patch(session.id(), "{\"title\":null,\"options\":null}").as(Session.class);

    assertThat(patched.title()).isEqualTo("Pandas");
    assertThat(patched.model()).isEqualTo("gemma3:1b");
    assertThat(patched.options().temperature()).isEqualTo(0.5);
    assertThat(patched.metadata()).containsExactlyEntriesOf(Map.of("kept", "yes"));
    assertThat(patched.version()).isEqualTo(2);
    assertThat(again).isEqualTo(patched);
    assertThat(removed.title()).isNull();
    assertThat(removed.options()).isEqualTo(GenerationOptions.NONE);
    assertThat(removed.version()).isEqualTo(3);
  }

  @Test
  void aPatchIsRefusedForAnotherVersionOrAWrongMember() {
    var session = service.createSession();
    var stale =
        service.send(
            "PATCH",
            "/sessions/" + session.id(),
            Map.of("Penstock-Tenant", "default", "If-Match", "\"7\""),
            "{\"title\":\"x\"}");
    var fresh =
        service.send(
            "PATCH",
            "/sessions/" + session.id(),
            Map.of("Penstock-Tenant", "default", "If-Match", "\"1\""),
            "{\"title\":\"x\"}");

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.code()).isEqualTo("version_mismatch");
    assertThat(fresh.status()).isEqualTo(200);
    for (var body :
        List.of(
            "{\"user\":\"eve\"}",
            "{\"title\":7}",
            "{\"options\":{\"heat\":1}}",
            "{\"metadata\":{\"a\":1}}",
            "[]",
            "{\"metadata\":" + Wire.text(pairs(17)) + "}")) {
      assertThat(patch(session.id(), body).status()).as(body).isEqualTo(400);
    }
    assertThat(service.session(session.id()).version()).isEqualTo(2);
  }

  /** T-36. */
  @Test
  void aDeletedSessionIsGoneAndItsTurnIsToBeCancelled() {
    var session = service.createSession();
    var turn = service.ask(session.id(), "Too late");

    var deleted = service.send("DELETE", "/sessions/" + session.id(), null);

    assertThat(deleted.status()).isEqualTo(204);
    for (var path :
        List.of(
            "/sessions/" + session.id(),
            "/sessions/" + session.id() + "/messages",
            "/sessions/" + session.id() + "/turns",
            "/sessions/" + session.id() + "/export",
            "/turns/" + turn.id())) {
      assertThat(service.get(path).code()).as(path).isEqualTo("not_found");
    }
    assertThat(service.renew(dev.penstock.session.Accepts.GATEWAY, turn.id()).cancel())
        .contains(turn.id());
    // Readers already attached see its end.
    service.finish(
        turn.id(),
        Answers.finish(
            1, 1, "", new dev.penstock.contracts.turn.TurnOutcome.Cancelled(Answers.USAGE)));
    assertThat(service.poll(turn.id(), 1, 0).state()).isEqualTo(TurnState.CANCELLED);
    assertThat(service.send("DELETE", "/sessions/" + session.id(), null).status()).isEqualTo(404);
  }

  @Test
  void messagesAndTurnsArePagedBothWays() {
    var session = service.createSession();
    for (var i = 1; i <= 3; i++) {
      var turn = service.ask(session.id(), "Question " + i);
      service.finish(turn.id(), Answers.completed(1, 1, "Answer " + i));
    }
    service.finish(service.ask(session.id(), "Refused").id(), Answers.refused(1));
    var path = "/sessions/" + session.id();

    var rising = texts(path + "/messages?limit=4");
    var falling = texts(path + "/messages?limit=4&order=desc");
    var turns = service.get(path + "/turns?limit=2").as(Turn.Page.class);
    var rest = service.get(path + "/turns?limit=2&after=" + turns.nextCursor()).as(Turn.Page.class);

    assertThat(rising)
        .containsExactly(
            "Question 1", "Answer 1", "Question 2", "Answer 2", "Question 3", "Answer 3");
    assertThat(falling).containsExactlyElementsOf(rising.reversed());
    assertThat(turns.data()).hasSize(2);
    assertThat(rest.data())
        .extracting(Turn::state)
        .containsExactly(TurnState.COMPLETED, TurnState.FAILED);
    assertThat(rest.nextCursor()).isNull();
  }

  @Test
  void theExportIsOneDocumentWithEverything() {
    var session = service.createSession();
    var long1 = "ä".repeat(100_000);
    for (var i = 0; i < 20; i++) {
      service.finish(service.ask(session.id(), "Q" + i).id(), Answers.completed(1, 1, long1 + i));
    }

    var export = service.get("/sessions/" + session.id() + "/export");

    var document = export.as(com.fasterxml.jackson.databind.JsonNode.class);
    assertThat(document.at("/session/id").asText()).isEqualTo(session.id().toString());
    assertThat(document.get("messages")).hasSize(40);
    assertThat(document.at("/messages/39/text").asText()).isEqualTo(long1 + 19);
    assertThat(document.get("turns")).hasSize(20);
    assertThat(document.at("/turns/0/output/sha256").asText()).isEqualTo(Answers.sha256(long1 + 0));
  }

  @Test
  void theFirstTurnGivesTheTitle() {
    var untitled = service.createSession();
    service.ask(untitled.id(), "😀".repeat(70));

    assertThat(service.session(untitled.id()).title()).isEqualTo("😀".repeat(60));
  }

  @Test
  void textIsMadeStorableWhereItEnters() {
    var session = service.createSession();
    var patched =
        patch(session.id(), "{\"title\":\"a\\u0000b\",\"metadata\":{\"k\\ud800\":\"v\\udc00\"}}")
            .as(Session.class);
    var turn = service.ask(session.id(), "x\0y");

    assertThat(patched.title()).isEqualTo("a\uFFFDb");
    assertThat(patched.metadata()).containsExactlyEntriesOf(Map.of("k\uFFFD", "v\uFFFD"));
    assertThat(service.turn(turn.id()).input().text()).isEqualTo("x\uFFFDy");
  }

  private static List<String> texts(String path) {
    var texts = new ArrayList<String>();
    @Nullable String after = null;
    do {
      var page =
          service.get(path + (after == null ? "" : "&after=" + after)).as(Message.Page.class);
      page.data().forEach(message -> texts.add(message.text()));
      after = page.nextCursor();
    } while (after != null);
    return texts;
  }

  private static Answer patch(UUID session, String body) {
    return service.send(
        "PATCH", "/sessions/" + session, Map.of("Penstock-Tenant", "default"), body);
  }

  private static Session created(@Nullable String user, String key) {
    return service.send("POST", "/sessions", create(user, key)).as(Session.Created.class).session();
  }

  private static Session.Create create(@Nullable String user, String key) {
    return new Session.Create(
        null,
        user,
        null,
        null,
        null,
        GenerationOptions.NONE,
        Map.of("origin", "test"),
        key,
        "hash of " + user);
  }

  private static Map<String, String> pairs(int count) {
    var pairs = new java.util.TreeMap<String, String>();
    for (var i = 0; i < count; i++) {
      pairs.put("k" + i, "v");
    }
    return pairs;
  }
}
