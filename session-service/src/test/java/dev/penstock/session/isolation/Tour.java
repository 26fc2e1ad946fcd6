package dev.penstock.session.isolation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything a caller of session-service can do, done once or twice in the name of tenant {@code
 * default}, so that each statement of the foreground pool is run. All that is said holds the
 * secret.
 */
final class Tour {
  /** In every text, name and value of the tenant. */
  static final String SECRET = "mkSecretQ7";

  private static final AgentSession.Key AGENTS =
      new AgentSession.Key("app-" + SECRET, "person-" + SECRET, "s-" + SECRET);

  private final SessionServiceDriver service;

  Tour(SessionServiceDriver service) {
    this.service = service;
  }

  void go() {
    natively();
    items();
    agents();
    chains();
    again();
    uses();
    leavesOneRunning();
  }

  private void natively() {
    var create = create("key-" + SECRET, List.of());
    var session = send("POST", "/sessions", create).as(Session.Created.class).session().id();
    send("POST", "/sessions", create);
    get("/sessions?limit=5");
    get("/sessions?limit=1&user=person-" + SECRET);
    get("/sessions/" + session);
    send("PATCH", "/sessions/" + session, Map.of("title", "Other " + SECRET));
    send("PUT", "/sessions/" + session + "/metadata", Map.of("m", SECRET));
    answered(session, "One " + SECRET);
    var last = answered(session, "Two " + SECRET);
    for (var order : List.of("asc", "desc")) {
      get("/sessions/" + session + "/messages?order=" + order);
      get("/sessions/" + session + "/turns?order=" + order);
    }
    get("/sessions/" + session + "/export");
    get("/turns/" + last.id());
    var regenerated = accepted(Accepts.on(Accept.Basis.REGENERATE, last.id()));
    send("POST", "/turns/" + regenerated.id() + "/cancel", null);
    service.finish(regenerated.id(), Answers.completed(1, 1, "Again " + SECRET));
    var partial = service.ask(session, "Three " + SECRET);
    service.finish(
        partial.id(),
        Answers.finish(1, 1, "Half " + SECRET, new TurnOutcome.Cancelled(Answers.USAGE)));
    accepted(Accepts.on(Accept.Basis.CONTINUE, partial.id()));
    var gone = service.createSession().id();
    service.ask(gone, "Gone " + SECRET);
    service.accept(Accepts.interrupting(Accepts.question(gone, "Meanwhile " + SECRET)));
    send("DELETE", "/sessions/" + gone, null);
  }

  private void items() {
    var begun = create("begun-" + SECRET, List.of(draft("Begun " + SECRET)));
    var session = send("POST", "/sessions", begun).as(Session.Created.class).session().id();
    var call = new ToolCall("call-" + SECRET, "look", "{\"at\":\"" + SECRET + "\"}");
    var append =
        new Item.Append(
            List.of(
                draft("Added " + SECRET), MessageDraft.of(ChatMessage.calling("", List.of(call)))),
            "add-" + SECRET,
            "hash-" + SECRET);
    var path = "/sessions/" + session + "/items";
    var added = send("POST", path, append).as(Item.Page.class).data();
    send("POST", path, append);
    var message = added.getFirst().message().id();
    get(path);
    get(path + "?order=desc");
    get(path + "?from=" + message);
    get(path + "?from_call=call-" + SECRET);
    get("/messages/" + message);
    send("DELETE", path + "?call=call-" + SECRET, null);
    send("DELETE", path + "?message=" + message, null);
  }

  private void agents() {
    var create =
        new AgentSession.Create(
            AGENTS,
            null,
            "Title " + SECRET,
            state("{\"user:a\":\"%1$s\",\"app:b\":\"%1$s\",\"c\":\"%1$s\"}"),
            List.of(state("{\"event\":\"%s\"}")));
    send("POST", "/agent-sessions", create);
    send("POST", "/agent-sessions", create);
    send(
        "PATCH",
        "/agent-sessions",
        new AgentSession.Change(
            AGENTS,
            null,
            state("{\"user:a\":\"2%s\",\"app:b\":\"2\",\"c\":1}"),
            state("{\"by\":\"%s\"}")));
    var turn = accepted(inAgents(new Accept.Place.InAgentSession(AGENTS), "Why " + SECRET));
    service.finish(turn.id(), Answers.completed(1, 1, "So " + SECRET));
    accepted(inAgents(new Accept.Place.InAgentSession(AGENTS), "Unanswered " + SECRET));
    var query = "app=" + AGENTS.app() + "&user=" + AGENTS.user();
    get("/agent-sessions?" + query);
    get("/agent-sessions/one?entries=true&" + query + "&id=" + AGENTS.id());
  }

  private void chains() {
    var first = accepted(Accepts.chained(null, question("Chained " + SECRET)));
    service.finish(first.id(), Answers.completed(1, 1, "Link " + SECRET));
    var key = "chained";
    var chained =
        Accepts.chained(first.id(), key, AnswerForm.PLAIN, List.of(draft("Next " + SECRET)));
    var second = accepted(chained);
    service.accept(chained);
    get("/turns/" + second.id() + "/inputs");
    service.finish(second.id(), Answers.completed(1, 1, "Linked " + SECRET));
    var refused =
        Accepts.chained(
            first.id(), "refused", AnswerForm.PLAIN, List.of(draft("Denied " + SECRET)));
    service.finish(accepted(refused).id(), Answers.refused(1));
    accepted(refused);
    var gone = accepted(Accepts.chained(null, question("Unwanted " + SECRET)));
    send("DELETE", "/turns/" + gone.id(), null);
  }

  // T-19, and keys that have become free.
  private void again() {
    var session = service.createSession().id();
    var refused = Accepts.question(session, "Refused " + SECRET, "refused-" + SECRET);
    service.finish(accepted(refused).id(), Answers.refused(1));
    var restarted = accepted(refused);
    service.finish(restarted.id(), Answers.completed(2, 2, "After all " + SECRET));
    var gone = service.createSession().id();
    accepted(Accepts.question(gone, "Freed " + SECRET, "freed-" + SECRET));
    send("DELETE", "/sessions/" + gone, null);
    accepted(Accepts.question(session, "Freed " + SECRET, "freed-" + SECRET));
    var other = service.createSession().id();
    var path = "/sessions/%s/items";
    var append =
        new Item.Append(List.of(draft("Free " + SECRET)), "free-" + SECRET, "free-" + SECRET);
    send("POST", path.formatted(other), append);
    send("DELETE", "/sessions/" + other, null);
    send("POST", path.formatted(service.createSession().id()), append);
  }

  private void leavesOneRunning() {
    var session = service.createSession(SECRET).id();
    var running = service.ask(session, "Running " + SECRET);
    service.flush(Answers.deltas(running.id(), 1, 1, "Half " + SECRET));
    service.accept(Accepts.question(session, "Busy " + SECRET));
    get("/turns/" + running.id());
  }

  private void uses() {
    var day = LocalDate.of(2026, 11, 21);
    var use = new KeyUse("key-" + SECRET, day, 1, 2, 3, 4, 0);
    send(
        "POST",
        "/key-use",
        new KeyUse.Batch(Accepts.GATEWAY, 1, List.of(new KeyUse.OfTenant("default", use))));
    get("/key-use?from=" + day + "&to=" + day);
  }

  private SessionServiceDriver.Answer get(String path) {
    return send("GET", path, null);
  }

  private SessionServiceDriver.Answer send(String method, String path, @Nullable Object body) {
    var answer = service.send(method, path, body);
    if (answer.status() >= 400) {
      throw new IllegalStateException(method + " " + path + " " + answer.response().body());
    }
    return answer;
  }

  private Turn answered(UUID session, String question) {
    var turn = service.ask(session, question);
    service.finish(turn.id(), Answers.completed(1, 1, "Answer " + SECRET));
    return turn;
  }

  private Turn accepted(Accept accept) {
    return ((Accept.Result.Accepted) service.accept(accept)).assignment().turn();
  }

  private static Session.Create create(String key, List<MessageDraft> messages) {
    return new Session.Create(
        "Title " + SECRET,
        "person-" + SECRET,
        "Instruction " + SECRET,
        null,
        null,
        GenerationOptions.NONE,
        Map.of("m", SECRET),
        key,
        "hash",
        messages);
  }

  private static Accept inAgents(Accept.Place place, String text) {
    return new Accept(
        Accepts.GATEWAY,
        place,
        List.of(new MessageDraft(question(text), state("{\"kept\":\"%s\"}"))),
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
        new AgentSession.StateChange(AGENTS.app(), AGENTS.user(), state("{\"t\":\"%s\"}")));
  }

  private static MessageDraft draft(String text) {
    return MessageDraft.of(question(text));
  }

  private static ChatMessage question(String text) {
    return new ChatMessage(Role.USER, text);
  }

  private static JsonNode state(String json) {
    return Wire.decode(json.formatted(SECRET), JsonNode.class);
  }
}
