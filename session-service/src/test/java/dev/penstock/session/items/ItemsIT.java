package dev.penstock.session.items;

import static dev.penstock.session.Answers.completed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.SessionServiceDriver.Answer;
import dev.penstock.session.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Entries of a conversation that are shown, added and taken out outside of turns. */
class ItemsIT {
  private static final ToolCall LOOK = new ToolCall("call_1", "look", "{\"at\":\"sky\"}");
  private static final ToolCall LISTEN = new ToolCall("call_2", "listen", "{}");

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
  void aSessionIsCreatedWithWhatItBeginsWith() {
    var create = create(draft(Role.SYSTEM, "Be brief."), draft(Role.USER, "Hi"));

    var created = service.send("POST", "/sessions", create).as(Session.Created.class);
    var again = service.send("POST", "/sessions", create).as(Session.Created.class);

    var id = created.session().id();
    assertThat(created.session().messageCount()).isEqualTo(2);
    assertThat(again).isEqualTo(new Session.Created(created.session(), true));
    assertThat(texts(items(id, ""))).containsExactly("Be brief.", "Hi");
    assertThat(prompt(service.accept(Accepts.question(id, "Sky?"))))
        .containsExactly("Be brief.", "Hi", "Sky?");
  }

  @Test
  void whatIsAddedStandsBehindAllOthersAndIsToldToTheModel() {
    var session = service.createSession();
    answered(session.id(), "One?", "Two.");
    var before = service.session(session.id());

    var kept = Wire.JSON.createObjectNode().put("role", "developer");
    var added =
        add(
                session.id(),
                new MessageDraft(new ChatMessage(Role.SYSTEM, "Be\0brief."), kept),
                MessageDraft.of(ChatMessage.calling("Wait.", List.of(LOOK))),
                MessageDraft.of(ChatMessage.toolResult("call_1", "look", "blue")))
            .as(Item.Page.class)
            .data();

    assertThat(texts(added)).containsExactly("Be\uFFFDbrief.", "Wait.", "blue");
    assertThat(added.getFirst().extra()).isEqualTo(kept);
    assertThat(added.get(1).message().toolCalls()).containsExactly(LOOK);
    assertThat(added.get(2).message().toolCallId()).isEqualTo("call_1");
    assertThat(added).extracting(Item::answer).containsOnly(false);
    assertThat(added).extracting(item -> item.message().id().version()).containsOnly(7);
    var after = service.session(session.id());
    assertThat(after.version()).isEqualTo(before.version() + 1);
    assertThat(after.messageCount()).isEqualTo(5);
    assertThat(items(session.id(), "")).endsWith(added.toArray(Item[]::new));
    assertThat(prompt(service.accept(Accepts.question(session.id(), "Sky?"))))
        .containsExactly("One?", "Two.", "Be\uFFFDbrief.", "Wait.", "blue", "Sky?");
  }

  /** T-5. */
  @Test
  void aRepeatedKeyAddsOnceAndFindsWhatWasAdded() {
    var session = service.createSession().id();
    var first = addUnder("k", session, draft(Role.USER, "One"), draft(Role.USER, "Two"));
    add(session, draft(Role.USER, "Three"));
    var turn = service.ask(session, "Four?");

    var again = addUnder("k", session, draft(Role.USER, "One"), draft(Role.USER, "Two"));
    var other = addUnder("k", session, draft(Role.USER, "Two"));
    service.finish(turn.id(), completed(1, 1, "Yes."));

    assertThat(again.as(Item.Page.class)).isEqualTo(first.as(Item.Page.class));
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("idempotency_key_reused");
    assertThat(texts(items(session, ""))).containsExactly("One", "Two", "Three", "Four?", "Yes.");
    assertThat(SessionServiceDriver.codeOf(service.accept(Accepts.question(session, "x", "k"))))
        .hasToString("IDEMPOTENCY_KEY_REUSED");
    service.send("DELETE", "/sessions/" + session, null);
    assertThat(addUnder("k", service.createSession().id(), draft(Role.USER, "One")).status())
        .isEqualTo(200);
  }

  /** T-5: also of requests that come at once. */
  @Test
  void oneOfManyWithOneKeyAdds() {
    var session = service.createSession().id();
    var drafts = new MessageDraft[] {draft(Role.USER, "One"), draft(Role.USER, "Two")};

    var answers =
        Stream.generate(() -> drafts)
            .limit(16)
            .map(each -> CompletableFuture.supplyAsync(() -> addUnder("race", session, each)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .map(answer -> answer.as(Item.Page.class))
            .distinct()
            .toList();

    assertThat(answers).containsExactly(new Item.Page(items(session, "")));
    assertThat(service.session(session).messageCount()).isEqualTo(2);
  }

  /** T-4: one writer at a time. */
  @Test
  void nothingIsAddedWhileATurnIsActive() {
    var session = service.createSession();
    var turn = service.ask(session.id(), "One?");

    var refused = add(session.id(), draft(Role.USER, "Two?"));
    service.finish(turn.id(), completed(1, 1, "Yes."));
    var taken = add(session.id(), draft(Role.USER, "Two?"));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.code()).isEqualTo("turn_in_progress");
    assertThat(taken.status()).isEqualTo(200);
    assertThat(texts(items(session.id(), ""))).containsExactly("One?", "Yes.", "Two?");
  }

  @Test
  void noneAndTooManyAndImagesAreRefused() {
    var session = service.createSession().id();
    var shown = ChatMessage.showing("See", List.of(new Image("image/png", "aGk=")));
    var many = Stream.generate(() -> draft(Role.USER, "x")).limit(21).toArray(MessageDraft[]::new);

    assertThat(add(session).status()).isEqualTo(400);
    assertThat(add(session, many).status()).isEqualTo(400);
    assertThat(add(session, MessageDraft.of(shown)).code()).isEqualTo("invalid_request");
    assertThat(service.session(session).version()).isEqualTo(1);
  }

  @Test
  void pagesBeginWithTheNamedMessageInBothDirections() {
    var session = service.createSession().id();
    var answer = answered(session, "One?", "Two.");
    var added = add(session, draft(Role.USER, "Three"), draft(Role.USER, "Four"));
    var third = added.as(Item.Page.class).data().getFirst().message().id();

    assertThat(texts(items(session, "?limit=2"))).containsExactly("One?", "Two.");
    assertThat(texts(items(session, "?from=" + third))).containsExactly("Three", "Four");
    assertThat(texts(items(session, "?order=desc&limit=2&from=" + third)))
        .containsExactly("Three", "Two.");
    assertThat(texts(items(session, "?from=" + answer.id() + "&limit=1"))).containsExactly("Two.");
    assertThat(items(session, "?from=" + answer.id()).getFirst().answer()).isTrue();

    remove(session, "message=" + third);
    assertThat(texts(items(session, "?from=" + third))).containsExactly("Four");
    assertThat(service.get("/sessions/" + session + "/items?from=" + UUID.randomUUID()).status())
        .isEqualTo(404);
    assertThat(
            service
                .get("/sessions/" + service.createSession().id() + "/items?from=" + third)
                .status())
        .isEqualTo(404);
    for (var wrong : List.of("limit=0", "limit=129", "order=up", "from=x", "from=x&from_call=y")) {
      assertThat(service.get("/sessions/" + session + "/items?" + wrong).status())
          .as(wrong)
          .isEqualTo(400);
    }
  }

  @Test
  void aMessageIsFoundByItsCallAndOfSeveralNoneTwice() {
    var session = service.createSession().id();
    add(
        session,
        MessageDraft.of(ChatMessage.calling("First", List.of(LOOK))),
        draft(Role.USER, "Between"),
        MessageDraft.of(ChatMessage.calling("Second", List.of(LISTEN, LOOK))));

    assertThat(texts(items(session, "?from_call=call_1"))).containsExactly("Second");
    assertThat(texts(items(session, "?from_call=call_1&order=desc"))).containsExactly("First");
    assertThat(texts(items(session, "?from_call=call_2&order=desc")))
        .containsExactly("Second", "Between", "First");
    for (var unknown : List.of("call_3", "%00", "%F0%9F%98%80")) {
      assertThat(service.get("/sessions/" + session + "/items?from_call=" + unknown).status())
          .as(unknown)
          .isEqualTo(404);
    }
  }

  @Test
  void whatIsTakenOutIsShownToNobodyAndLeavesNoText() {
    var session = service.createSession().id();
    var answer = answered(session, "One?", "Two.");
    var extra =
        new MessageDraft(
            new ChatMessage(Role.USER, "Secret"), Wire.JSON.createObjectNode().put("a", 1));
    var added = add(session, extra).as(Item.Page.class).data().getFirst().message();
    var before = service.session(session);

    var changed = remove(session, "message=" + added.id()).as(Session.class);
    var answerGone = remove(session, "message=" + answer.id());

    assertThat(changed.version()).isEqualTo(before.version() + 1);
    assertThat(changed.messageCount()).isEqualTo(2);
    assertThat(answerGone.as(Session.class).messageCount()).isEqualTo(1);
    assertThat(texts(items(session, ""))).containsExactly("One?");
    var messages = service.get("/sessions/" + session + "/messages").as(Message.Page.class);
    assertThat(messages.data()).extracting(Message::text).containsExactly("One?");
    assertThat(service.turn(answer.id()).output()).isNull();
    assertThat(service.get("/messages/" + added.id()).status()).isEqualTo(404);
    assertThat(remove(session, "message=" + added.id()).status()).isEqualTo(404);
    assertThat(remove(session, "").status()).isEqualTo(400);
    assertThat(service.get("/sessions/" + session + "/export").response().body())
        .doesNotContain("Secret", "Two.");
  }

  @Test
  void aMessageGoesWhenItsTextAndItsCallsHaveGone() {
    var session = service.createSession().id();
    add(session, MessageDraft.of(ChatMessage.calling("Wait.", List.of(LOOK, LISTEN))));
    var message = items(session, "").getFirst().message().id();

    remove(session, "call=call_1");
    var oneLeft = items(session, "").getFirst().message();
    remove(session, "message=" + message);
    var callLeft = items(session, "").getFirst().message();
    var noText = remove(session, "message=" + message);
    var last = remove(session, "call=call_2").as(Session.class);

    assertThat(oneLeft.toolCalls()).containsExactly(LISTEN);
    assertThat(oneLeft.text()).isEqualTo("Wait.");
    assertThat(callLeft.text()).isEmpty();
    assertThat(noText.status()).isEqualTo(404);
    assertThat(last.messageCount()).isZero();
    assertThat(items(session, "")).isEmpty();
  }

  @Test
  void whatIsBeingAnsweredStaysButWhatIsEarlierGoes() {
    var session = service.createSession().id();
    var earlier = answered(session, "One?", "Two.");
    var active = service.ask(session, "Three?");
    var question = Objects.requireNonNull(active.input().messageId());

    assertThat(remove(session, "message=" + question).code()).isEqualTo("turn_in_progress");
    assertThat(remove(session, "message=" + earlier.id()).status()).isEqualTo(200);

    service.finish(active.id(), completed(1, 1, "Four."));
    var again =
        ((Accept.Result.Accepted) service.accept(Accepts.on(Accept.Basis.REGENERATE, active.id())))
            .assignment()
            .turn();
    assertThat(remove(session, "message=" + question).status()).isEqualTo(409);
    assertThat(remove(session, "message=" + active.id()).status()).isEqualTo(409);
    service.finish(again.id(), completed(1, 1, "Five."));
    assertThat(remove(session, "message=" + question).status()).isEqualTo(200);
    for (var basis : Accept.Basis.values()) {
      assertThat(SessionServiceDriver.codeOf(service.accept(Accepts.on(basis, again.id()))).wire())
          .isEqualTo("cannot_continue");
    }
  }

  @Test
  void metadataIsReplacedAsAWhole() {
    var session = service.send("POST", "/sessions", create()).as(Session.Created.class).session();
    var path = "/sessions/" + session.id() + "/metadata";

    var replaced = service.send("PUT", path, Map.of("b", "2")).as(Session.class);
    var same = service.send("PUT", path, Map.of("b", "2")).as(Session.class);

    assertThat(replaced.metadata()).containsExactlyEntriesOf(Map.of("b", "2"));
    assertThat(replaced.version()).isEqualTo(2);
    assertThat(same).isEqualTo(replaced);
    assertThat(service.send("PUT", path, Map.of("b", 2)).status()).isEqualTo(400);
    assertThat(service.send("PUT", path, List.of()).status()).isEqualTo(400);
  }

  @Test
  void theInputsOfATurnAreItsOwnWithAndWithoutSession() {
    var session = service.createSession().id();
    answered(session, "One?", "Two.");
    var inSession = answered(session, "Three?", "Four.");
    var first =
        accepted(
            Accepts.chained(
                null,
                UUID.randomUUID().toString(),
                AnswerForm.PLAIN,
                List.of(draft(Role.SYSTEM, "Brief."), draft(Role.USER, "Five?"))));
    service.finish(first.id(), completed(1, 1, "Six."));
    var second = accepted(Accepts.chained(first.id(), new ChatMessage(Role.USER, "Seven?")));

    assertThat(inputs(inSession.id())).containsExactly("Three?");
    assertThat(inputs(first.id())).containsExactly("Brief.", "Five?");
    assertThat(inputs(second.id())).containsExactly("Seven?");
    var answer = service.get("/messages/" + first.id()).as(Item.class);
    assertThat(answer.message().text()).isEqualTo("Six.");
    assertThat(answer.answer()).isTrue();
  }

  @Test
  void whatOnePersonSaidWithoutSessionIsNotShownToAnother() {
    var ada = Map.of("Penstock-Tenant", "default", "Penstock-User", "ada");
    var eve = Map.of("Penstock-Tenant", "default", "Penstock-User", "eve");
    var accept = Wire.text(Accepts.chained(null, new ChatMessage(Role.USER, "Secret?")));
    var accepted = service.send("POST", "/turns", ada, accept).as(Accept.Result.class);
    var turn = ((Accept.Result.Accepted) accepted).assignment().turn().id();
    service.finish(turn, completed(1, 1, "Secret."));

    for (var path : List.of("/turns/" + turn + "/inputs", "/messages/" + turn)) {
      assertThat(service.send("GET", path, eve, null).status()).as(path).isEqualTo(404);
      assertThat(service.send("GET", path, ada, null).status()).as(path).isEqualTo(200);
    }
    assertThat(service.send("DELETE", "/turns/" + turn, eve, null).status()).isEqualTo(404);
    assertThat(service.send("DELETE", "/turns/" + turn, ada, null).status()).isEqualTo(204);
  }

  /** T-4: a deleted parent is none. */
  @Test
  void aDeletedTurnIsGoneAndItsMessagesStayInTheirSession() {
    var session = service.createSession().id();
    var inSession = answered(session, "One?", "Two.");
    var alone = accepted(Accepts.chained(null, new ChatMessage(Role.USER, "Three?")));
    service.finish(alone.id(), completed(1, 1, "Four."));

    for (var turn : List.of(inSession.id(), alone.id())) {
      assertThat(service.send("DELETE", "/turns/" + turn, null).status()).isEqualTo(204);
      assertThat(service.get("/turns/" + turn).status()).isEqualTo(404);
      assertThat(service.get("/turns/" + turn + "/inputs").status()).isEqualTo(404);
      assertThat(service.send("DELETE", "/turns/" + turn, null).status()).isEqualTo(404);
    }
    assertThat(texts(items(session, ""))).containsExactly("One?", "Two.");
    assertThat(service.get("/messages/" + alone.id()).status()).isEqualTo(404);
    assertThat(
            SessionServiceDriver.codeOf(
                    service.accept(
                        Accepts.chained(alone.id(), new ChatMessage(Role.USER, "Five?"))))
                .wire())
        .isEqualTo("not_found");
  }

  @Test
  void anUnfinishedTurnIsCancelledWhenItIsDeleted() {
    var turn = accepted(Accepts.chained(null, new ChatMessage(Role.USER, "One?")));

    assertThat(service.send("DELETE", "/turns/" + turn.id(), null).status()).isEqualTo(204);

    assertThat(service.renew(Accepts.GATEWAY, turn.id()).cancel()).contains(turn.id());
    service.finish(turn.id(), Answers.finish(1, 1, "", new TurnOutcome.Cancelled(Answers.USAGE)));
    assertThat(service.get("/turns/" + turn.id()).status()).isEqualTo(404);
  }

  /** Calls of a model are entries of their own. */
  @Test
  void anAnswerThatCallsIsFoundByItsTurnAndByItsCall() {
    var session = service.createSession().id();
    var turn = service.ask(session, "Look!");
    var called =
        new TurnOutcome.Completed(
            FinishReason.TOOL_CALLS, Answers.USAGE, Answers.TIMINGS, List.of(LOOK));
    service.finish(turn.id(), Answers.finish(1, 1, "", called));

    var byTurn = items(session, "?from=" + turn.id());
    var byCall = items(session, "?from_call=call_1");

    assertThat(byTurn).isEqualTo(byCall).hasSize(1);
    assertThat(byTurn.getFirst().message().toolCalls()).containsExactly(LOOK);
    assertThat(remove(session, "message=" + turn.id()).status()).isEqualTo(404);
    assertThat(remove(session, "call=call_1").status()).isEqualTo(200);
    assertThat(texts(items(session, ""))).containsExactly("Look!");
  }

  private static Turn answered(UUID session, String question, String answer) {
    var turn = service.ask(session, question);
    service.finish(turn.id(), completed(1, 1, answer));
    return turn;
  }

  private static Turn accepted(Accept accept) {
    return ((Accept.Result.Accepted) service.accept(accept)).assignment().turn();
  }

  private static List<String> prompt(Accept.Result result) {
    return ((Accept.Result.Accepted) result)
        .assignment().history().stream().map(ChatMessage::text).toList();
  }

  private static Answer add(UUID session, MessageDraft... drafts) {
    return addUnder(UUID.randomUUID().toString(), session, drafts);
  }

  private static Answer addUnder(String key, UUID session, MessageDraft... drafts) {
    var append = new Item.Append(List.of(drafts), key, session + Wire.text(drafts));
    return service.send("POST", "/sessions/" + session + "/items", append);
  }

  private static Answer remove(UUID session, String what) {
    return service.send("DELETE", "/sessions/" + session + "/items?" + what, null);
  }

  private static List<Item> items(UUID session, String query) {
    return service.get("/sessions/" + session + "/items" + query).as(Item.Page.class).data();
  }

  private static List<String> inputs(UUID turn) {
    return texts(service.get("/turns/" + turn + "/inputs").as(Item.Page.class).data());
  }

  private static List<String> texts(List<Item> items) {
    var texts = new ArrayList<String>();
    items.forEach(item -> texts.add(item.message().text()));
    return texts;
  }

  private static MessageDraft draft(Role role, String text) {
    return MessageDraft.of(new ChatMessage(role, text));
  }

  private static Session.Create create(MessageDraft... messages) {
    return new Session.Create(
        null,
        null,
        null,
        null,
        null,
        GenerationOptions.NONE,
        Map.of("a", "1"),
        UUID.randomUUID().toString(),
        "hash",
        List.of(messages));
  }
}
