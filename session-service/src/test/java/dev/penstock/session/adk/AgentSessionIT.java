package dev.penstock.session.adk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions by app, user and the client's id, with state (adk-api.md section 3). */
class AgentSessionIT {
  private static SessionServiceDriver service;

  private String app = "";

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void inAnAppOfItsOwn() {
    app = "app." + UUID.randomUUID();
  }

  @Test
  void ofManyThatCreateOneIdOneDoes() {
    var existed =
        IntStream.range(0, 12)
            .parallel()
            .mapToObj(_ -> create("u", "s/1 ü", "{}").existed())
            .filter(each -> !each)
            .count();

    assertThat(existed).isEqualTo(1);
    assertThat(show("u", "s/1 ü").key().id()).isEqualTo("s/1 ü");
  }

  @Test
  void anIdIsFreeInAnotherAppForAnotherUserAndOnceItIsDeleted() {
    var first = create("u", "s", "{}");

    assertThat(create("v", "s", "{}").existed()).isFalse();
    service.send("DELETE", "/sessions/" + first.session().id(), null);
    assertThat(get("u", "s").status()).isEqualTo(404);
    assertThat(create("u", "s", "{}").existed()).isFalse();
  }

  @Test
  void stateIsKeptByScopeAndMergedBack() {
    create("u", "a", "{\"own\":1,\"user:lang\":\"de\",\"app:motd\":\"hi\",\"temp:x\":true}");
    create("u", "b", "{\"user:lang\":\"fr\"}");
    create("v", "c", "{\"own\":null}");

    assertThat(show("u", "a").state())
        .isEqualTo(json("{\"own\":1,\"user:lang\":\"fr\",\"app:motd\":\"hi\"}"));
    assertThat(show("u", "b").state())
        .isEqualTo(json("{\"user:lang\":\"fr\",\"app:motd\":\"hi\"}"));
    assertThat(show("v", "c").state()).isEqualTo(json("{\"own\":null,\"app:motd\":\"hi\"}"));
  }

  @Test
  void aChangeMergesItsDeltaAndKeepsItsEvent() {
    create("u", "s", "{\"kept\":{\"a\":1},\"replaced\":{\"a\":1}}");

    var changed = change("s", "{\"replaced\":{\"b\":2},\"user:n\":null,\"temp:y\":1}");

    assertThat(changed.state())
        .isEqualTo(json("{\"kept\":{\"a\":1},\"replaced\":{\"b\":2},\"user:n\":null}"));
    assertThat(changed.entries())
        .singleElement()
        .isInstanceOfSatisfying(
            AgentSession.Entry.Kept.class,
            kept -> assertThat(kept.event().path("author").asText()).isEqualTo("user"));
    assertThat(change("s", "{\"kept\":2}").entries()).hasSize(2);
  }

  @Test
  void aTurnsDeltaIsDurableWithItAndKeptEventsGoToNoModel() {
    var session = create("u", "s", "{\"old\":1}").session();
    change("s", "{\"old\":2}");
    var accept = asking(session.id(), "{\"new\":3,\"app:all\":4}");

    var assignment = ((Accept.Result.Accepted) service.accept(accept)).assignment();

    assertThat(assignment.history()).containsExactly(new ChatMessage(Role.USER, "Why?"));
    assertThat(show("u", "s").state()).isEqualTo(json("{\"old\":2,\"new\":3,\"app:all\":4}"));
    assertThat(show("u", "s").activeTurnId()).isEqualTo(assignment.turn().id());
    service.accept(accept);
    service.finish(assignment.turn().id(), Answers.completed(1, 1, "So."));
    change("s", "{\"after\":1}");
    var entries = show("u", "s").entries();
    assertThat(entries)
        .extracting(each -> each.getClass().getSimpleName())
        .containsExactly("Kept", "Said", "Said", "Kept");
    assertThat(((AgentSession.Entry.Said) entries.get(1)).extra())
        .isEqualTo(json("{\"kept\":\"beside\"}"));
    assertThat(service.get("/sessions/" + session.id() + "/messages").as(Message.Page.class).data())
        .extracting(Message::text)
        .containsExactly("Why?", "So.");
  }

  @Test
  void aBusySessionTakesNoDelta() {
    var session = create("u", "s", "{}").session();
    service.accept(asking(session.id(), "{\"n\":1}"));

    assertThat(service.accept(asking(session.id(), "{\"n\":2}")))
        .isInstanceOf(Accept.Result.Busy.class);

    assertThat(show("u", "s").state()).isEqualTo(json("{\"n\":1}"));
  }

  @Test
  void eventsGivenAtCreationComeFirstAndInOrder() {
    var events = IntStream.range(0, 20).mapToObj(each -> json("{\"n\":" + each + "}")).toList();
    var create =
        new AgentSession.Create(
            new AgentSession.Key(app, "u", "s"), null, "A title", json("{}"), events);

    var created =
        service.send("POST", "/agent-sessions", create).as(AgentSession.Created.class).session();
    service.accept(asking(created.id(), "{}"));

    assertThat(show("u", "s").entries().subList(0, 20))
        .extracting(each -> ((AgentSession.Entry.Kept) each).event())
        .isEqualTo(events);
    assertThat(show("u", "s").entries()).hasSize(21);
    assertThat(service.session(created.id()).title()).isEqualTo("A title");
  }

  @Test
  void aTurnGoesIntoTheSessionThatItsClientNames() {
    var id = create("u", "s", "{}").session().id();
    var named = new Accept.Place.InAgentSession(new AgentSession.Key(app, "u", "s"));
    var unknown = new Accept.Place.InAgentSession(new AgentSession.Key(app, "v", "s"));

    var accepted = service.accept(asking(named, "{\"k\":1}"));

    assertThat(((Accept.Result.Accepted) accepted).assignment().turn().sessionId()).isEqualTo(id);
    assertThat(show("u", "s").state()).isEqualTo(json("{\"k\":1}"));
    assertThat(service.accept(asking(unknown, "{}")))
        .isInstanceOfSatisfying(
            Accept.Result.Refused.class,
            refused -> assertThat(refused.failure().code()).isEqualTo(FailureCode.NOT_FOUND));
  }

  @Test
  void theListHasTheNewestFirstWithStateAndWithoutEntries() {
    create("u", "a", "{\"n\":1}");
    create("u", "b", "{\"n\":2,\"user:x\":3}");
    create("v", "c", "{}");
    change("a", "{\"n\":4}");

    var listed = list("u");

    assertThat(listed).extracting(each -> each.key().id()).containsExactly("a", "b");
    assertThat(listed).allSatisfy(each -> assertThat(each.entries()).isEmpty());
    assertThat(listed.getFirst().state()).isEqualTo(json("{\"n\":4,\"user:x\":3}"));
    assertThat(list("nobody")).isEmpty();
  }

  @Test
  void aNativeSessionIsThereUnderItsOwnIdAndAnAgentsIsThereNatively() {
    var person = "p-" + app;
    var made =
        new Session.Create(
            "Tea",
            person,
            null,
            null,
            null,
            GenerationOptions.NONE,
            Map.of(),
            UUID.randomUUID().toString(),
            "hash");
    var session = service.send("POST", "/sessions", made).as(Session.Created.class).session();
    service.ask(session.id(), "Green?");

    var seen = show(person, session.id().toString());

    assertThat(seen.entries()).hasSize(1);
    assertThat(seen.state())
        .isEqualTo(json("{\"__session_metadata__\":{\"displayName\":\"Tea\"}}"));
    assertThat(list(person)).extracting(AgentSession::id).containsExactly(session.id());
    assertThat(get("another", session.id().toString()).status()).isEqualTo(404);
    assertThat(create(person, session.id().toString(), "{}").existed()).isTrue();
    var agents = create("u", "s", "{}").session();
    assertThat(service.session(agents.id()).user()).isEqualTo("u");
  }

  @Test
  void anotherTenantsOrPersonsSessionIsUnknown() {
    create("u", "s", "{}");
    var path = path("u", "s");

    assertThat(service.send("GET", path, Map.of("Penstock-Tenant", "other"), null).status())
        .isEqualTo(404);
    assertThat(
            service
                .send("GET", path, Map.of("Penstock-Tenant", "default", "Penstock-User", "v"), null)
                .status())
        .isEqualTo(404);
  }

  private AgentSession.Created create(String user, String id, String state) {
    var create =
        new AgentSession.Create(
            new AgentSession.Key(app, user, id), null, null, json(state), List.of());
    return service.send("POST", "/agent-sessions", create).as(AgentSession.Created.class);
  }

  private AgentSession change(String id, String delta) {
    var change =
        new AgentSession.Change(
            new AgentSession.Key(app, "u", id), null, json(delta), json("{\"author\":\"user\"}"));
    return service.send("PATCH", "/agent-sessions", change).as(AgentSession.class);
  }

  private SessionServiceDriver.Answer get(String user, String id) {
    return service.get(path(user, id));
  }

  private AgentSession show(String user, String id) {
    return get(user, id).as(AgentSession.class);
  }

  private List<AgentSession> list(String user) {
    return service
        .get("/agent-sessions?app=" + encoded(app) + "&user=" + encoded(user))
        .as(AgentSession.Page.class)
        .data();
  }

  private String path(String user, String id) {
    return "/agent-sessions/one?entries=true&app=%s&user=%s&id=%s"
        .formatted(encoded(app), encoded(user), encoded(id));
  }

  private Accept asking(UUID session, String delta) {
    return asking(new Accept.Place.InSession(session), delta);
  }

  private Accept asking(Accept.Place place, String delta) {
    return new Accept(
        Accepts.GATEWAY,
        place,
        List.of(
            new MessageDraft(new ChatMessage(Role.USER, "Why?"), json("{\"kept\":\"beside\"}"))),
        null,
        null,
        GenerationOptions.NONE,
        null,
        AnswerForm.PLAIN,
        null,
        new Accept.Terms(OnDisconnect.CONTINUE, 5000, Accept.OnBusy.REJECT, 900_000),
        List.of(),
        "gemma3:270m",
        Map.of(),
        UUID.randomUUID().toString(),
        "hash",
        new AgentSession.StateChange(app, "u", json(delta)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode json(String text) {
    return Wire.decode(text, JsonNode.class);
  }
}
