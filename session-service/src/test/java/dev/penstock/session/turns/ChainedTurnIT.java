package dev.penstock.session.turns;

import static dev.penstock.session.Answers.completed;
import static dev.penstock.session.Answers.finish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Turns without session, and turns that are given more than a question (turns.md T-4, T-17). */
class ChainedTurnIT {
  private static final ToolCall LOOK = new ToolCall("call_1", "look", "{\"at\":\"a\\u0000b\"}");
  private static final AnswerForm TOOLS =
      AnswerForm.PLAIN.withTools(List.of(new Tool("look", null, null)), ToolChoice.AUTO);

  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** T-4. */
  @Test
  void aTurnIsChainedToWhatCameBeforeItAndAnyNumberRunAtOnce() {
    var first = answered(null, "One?", "Two.");
    var second = answered(first, "Three?", "Four.");
    var one = accepted(Accepts.chained(second, user("Five?")));
    var other = accepted(Accepts.chained(second, user("Six?")));
    var beside = accepted(Accepts.chained(first, user("Seven?")));

    assertThat(one.turn().sessionId()).isNull();
    assertThat(one.turn().parent()).isEqualTo(second);
    assertThat(one.turn().extra()).hasToString("{\"kept\":\"beside\"}");
    assertThat(one.history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Three?", "Four.", "Five?");
    assertThat(other.history()).extracting(ChatMessage::text).endsWith("Four.", "Six?");
    assertThat(beside.history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Seven?");
  }

  /** T-17. */
  @Test
  void aParentThatGaveNoAnswerGivesNothing() {
    var first = answered(null, "One?", "Two.");
    var failed = accepted(Accepts.chained(first, user("Three?"))).turn();
    service.finish(failed.id(), finish(1, 1, "", new TurnOutcome.Interrupted(Answers.USAGE)));

    assertThat(accepted(Accepts.chained(failed.id(), user("Four?"))).history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Four?");
  }

  @Test
  void aParentInASessionBringsTheSessionUpToIt() {
    var session = service.createSession();
    var earlier = service.ask(session.id(), "One?");
    service.finish(earlier.id(), completed(1, 1, "Two."));
    var parent = service.ask(session.id(), "Three?");
    service.finish(parent.id(), completed(1, 1, "Four."));
    var later = service.ask(session.id(), "Later?");
    service.finish(later.id(), completed(1, 1, "Never seen."));

    var chained = accepted(Accepts.chained(parent.id(), user("Five?")));

    assertThat(chained.history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Three?", "Four.", "Five?");
  }

  @Test
  void aParentThatIsUnknownOrStillAnswersIsRefused() {
    var running = accepted(Accepts.chained(null, user("One?"))).turn();

    assertThat(service.accept(Accepts.chained(running.id(), user("Two?"))))
        .isEqualTo(new Accept.Result.Busy(running.id()));
    assertThat(
            SessionServiceDriver.codeOf(
                service.accept(Accepts.chained(UUID.randomUUID(), user("Two?")))))
        .isEqualTo(FailureCode.NOT_FOUND);
  }

  /** T-3: the window moves in steps, so that the model's prefix cache is hit in between. */
  @Test
  void aLongChainBeginsLaterInSteps() {
    var text = "x".repeat(100 * 1024);
    UUID parent = null;
    var beginnings = new TreeSet<String>();
    for (var i = 0; i < 14; i++) {
      var turn = accepted(Accepts.chained(parent, user(i + "?" + text)));
      beginnings.add(turn.history().getFirst().text().substring(0, 3));
      assertThat(turn.history().stream().mapToLong(each -> each.text().length()).sum())
          .isLessThanOrEqualTo(1 << 20);
      parent = turn.turn().id();
      service.finish(parent, completed(1, 1, "Yes."));
    }

    assertThat(beginnings).hasSizeBetween(2, 3);
  }

  /** T-5. */
  @Test
  void aRepeatedKeyFindsItsTurn() {
    var accept = Accepts.chained(null, "again", AnswerForm.PLAIN, drafts(user("One?")));
    var first = accepted(accept).turn();

    assertThat(service.accept(accept))
        .isInstanceOfSatisfying(
            Accept.Result.Existing.class,
            existing -> assertThat(existing.turn().id()).isEqualTo(first.id()));
    assertThat(
            SessionServiceDriver.codeOf(
                service.accept(
                    Accepts.chained(first.id(), "again", AnswerForm.PLAIN, drafts(user("Two?"))))))
        .isEqualTo(FailureCode.IDEMPOTENCY_KEY_REUSED);
  }

  /** T-18, T-19. */
  @Test
  void aTurnRefusedAtTheDoorIsStartedOverByItsKey() {
    var parent = answered(null, "One?", "Two.");
    var input = drafts(new ChatMessage(Role.SYSTEM, "Be kind."), user("Three?"));
    var accept = Accepts.chained(parent, "restarted", TOOLS, input);
    var refused = accepted(accept).turn();
    service.finish(refused.id(), Answers.refused(1));

    var again = accepted(accept);

    assertThat(again.turn().id()).isEqualTo(refused.id());
    assertThat(again.turn().attempt()).isEqualTo(2);
    assertThat(again.turn().form()).isEqualTo(TOOLS);
    assertThat(again.history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Be kind.", "Three?");
  }

  @Test
  void callsOfToolsAndTheirResultsAreHistory() {
    var asked =
        accepted(Accepts.chained(null, "calls", TOOLS, drafts(user("What is there?")))).turn();
    var ended = service.finish(asked.id(), called(1, ""));

    var result = ChatMessage.toolResult("call_1", "look", "A panda.");
    var next = accepted(Accepts.chained(asked.id(), result));

    assertThat(ended)
        .isInstanceOfSatisfying(
            Finish.Result.Committed.class,
            committed ->
                assertThat(((TerminalEvent.Completed) committed.event()).toolCalls())
                    .containsExactly(LOOK));
    assertThat(service.output(asked.id()).toolCalls()).containsExactly(LOOK);
    assertThat(next.history())
        .containsExactly(user("What is there?"), ChatMessage.calling("", List.of(LOOK)), result);
    assertThat(next.turn().input().text()).isEqualTo("A panda.");
  }

  @Test
  void aSessionsTurnMayBeGivenSeveralMessages() {
    var session = service.createSession();
    var given =
        List.of(
            user("One?"),
            new ChatMessage(Role.ASSISTANT, "Two."),
            new ChatMessage(Role.SYSTEM, "Be kind."),
            user("Three?"));
    var turn = accepted(inSession(session.id(), given)).turn();
    service.finish(turn.id(), completed(1, 1, "Four."));

    var next = accepted(Accepts.question(session.id(), "Five?"));

    assertThat(turn.input().text()).isEqualTo("Three?");
    assertThat(service.get("/sessions/" + session.id() + "/messages").as(Message.Page.class).data())
        .extracting(Message::text)
        .containsExactly("One?", "Two.", "Be kind.", "Three?", "Four.", "Five?");
    assertThat(service.session(session.id()).messageCount()).isEqualTo(6);
    assertThat(next.history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Be kind.", "Three?", "Four.", "Five?");
    service.finish(next.turn().id(), completed(1, 1, "Six."));
    assertThat(accepted(Accepts.on(Accept.Basis.REGENERATE, next.turn().id())).history())
        .extracting(ChatMessage::text)
        .endsWith("Four.", "Five?");
  }

  /** T-18. */
  @Test
  void everyMessageOfARefusedTurnIsWithdrawnAndComesBackWithIt() {
    var session = service.createSession();
    var accept =
        inSession(session.id(), List.of(new ChatMessage(Role.SYSTEM, "Be kind."), user("One?")));
    var refused = accepted(accept).turn();
    service.finish(refused.id(), Answers.refused(1));

    assertThat(service.session(session.id()).messageCount()).isZero();
    var again = accepted(accept);
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2);
    service.finish(again.turn().id(), Answers.refused(2));
    assertThat(accepted(Accepts.on(Accept.Basis.REGENERATE, refused.id())).history())
        .extracting(ChatMessage::text)
        .containsExactly("Be kind.", "One?");
    assertThat(service.session(session.id()).messageCount()).isEqualTo(2);
  }

  @Test
  void picturesAreNotStored() {
    var shown = ChatMessage.showing("What is it?", List.of(Image.of("iVBORw0KGgo=")));

    var answer = service.send("POST", "/turns", Accepts.chained(null, shown));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("invalid_request");
  }

  @Test
  void aPersonsTurnIsNobodyElses() {
    var mine = as("kim", "POST", "/turns", Wire.text(Accepts.chained(null, user("One?"))));
    var id = ((Accept.Result.Accepted) mine.as(Accept.Result.class)).assignment().turn().id();

    assertThat(as("kim", "GET", "/turns/" + id, null).status()).isEqualTo(200);
    assertThat(as("sam", "GET", "/turns/" + id, null).status()).isEqualTo(404);
    assertThat(service.get("/turns/" + id).status()).isEqualTo(200);
  }

  /** T-23, T-34: the owner's own way to it, after a restart of its process. */
  @Test
  void anOwnerIsToldAgainWhatToGenerate() {
    var parent = answered(null, "One?", "Two.");
    var turn = accepted(Accepts.chained(parent, "assigned", TOOLS, drafts(user("Three?")))).turn();

    var assignment =
        service
            .get("/turns/" + turn.id() + "/assignment?instance=" + Accepts.GATEWAY)
            .as(Accept.Assignment.class);

    assertThat(assignment.turn().state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(assignment.turn().form()).isEqualTo(TOOLS);
    assertThat(assignment.history())
        .extracting(ChatMessage::text)
        .containsExactly("One?", "Two.", "Three?");
  }

  private static SessionServiceDriver.Answer as(
      String person, String method, String path, @Nullable String body) {
    return service.send(
        method, path, Map.of("Penstock-Tenant", "default", "Penstock-User", person), body);
  }

  private static Finish called(int attempt, String text) {
    return finish(
        attempt,
        1,
        text,
        new TurnOutcome.Completed(
            FinishReason.TOOL_CALLS, Answers.USAGE, Answers.TIMINGS, List.of(LOOK)));
  }

  private static Accept inSession(UUID session, List<ChatMessage> given) {
    var accept = Accepts.question(session, "replaced");
    return new Accept(
        accept.instance(),
        accept.place(),
        given.stream().map(MessageDraft::of).toList(),
        null,
        null,
        accept.options(),
        null,
        AnswerForm.PLAIN,
        null,
        new Accept.Terms(OnDisconnect.CONTINUE, 5000, Accept.OnBusy.REJECT, 900_000),
        List.of(),
        accept.defaultModel(),
        Map.of(),
        accept.clientKey(),
        accept.requestHash());
  }

  private static UUID answered(@Nullable UUID parent, String question, String answer) {
    var turn = accepted(Accepts.chained(parent, user(question))).turn();
    service.finish(turn.id(), completed(1, 1, answer));
    return turn.id();
  }

  private static Accept.Assignment accepted(Accept accept) {
    return ((Accept.Result.Accepted) service.accept(accept)).assignment();
  }

  private static ChatMessage user(String text) {
    return new ChatMessage(Role.USER, text);
  }

  private static List<MessageDraft> drafts(ChatMessage... said) {
    return List.of(said).stream().map(MessageDraft::of).toList();
  }
}
