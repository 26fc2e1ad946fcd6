package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.SlowClient;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T-30 and openai-api.md section 8.6: readers that can take nothing back, at the instance that runs
 * the turn and at another.
 */
final class ResponseStreamTest {
  private static final UUID TURN = UUID.randomUUID();
  private static final List<String> DELTAS =
      List.of("The ", "red ", "panda", "\n", "🐼 ", "eats \"bamboo\"", "\t\\", "é", "\u0001", "x");
  private static final String ALL = String.join("", DELTAS);
  private static final int EVENTS = DELTAS.size() + 8;

  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver owner = GatewayDriver.start(vertx, store);
  private final GatewayDriver other = GatewayDriver.start(vertx, store);

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  private EventClient stream(String members) {
    return EventClient.send(post(members + ",\"stream\":true"));
  }

  private HttpRequest.Builder post(String members) {
    return post(owner, members);
  }

  private static HttpRequest.Builder post(GatewayDriver gateway, String members) {
    return EventClient.post(
        gateway.url("/v1/responses"), "{\"model\":\"sim\",\"input\":\"Hi\"" + members + "}");
  }

  private static String url(GatewayDriver gateway, UUID turn, String more) {
    return gateway.url("/v1/responses/" + id(turn) + more);
  }

  private static String id(UUID turn) {
    return "resp_" + turn.toString().replace("-", "");
  }

  private static EventClient follow(GatewayDriver gateway, UUID turn, int after) {
    return EventClient.get(url(gateway, turn, "?stream=true&starting_after=" + after));
  }

  private static JsonNode document(GatewayDriver gateway, UUID turn) {
    return EventClient.json(EventClient.request(url(gateway, turn, ""))).document();
  }

  /** The turn of a response whose first event has come. */
  private static UUID turn(EventClient reader) throws InterruptedException {
    reader.awaitEvent("response.created");
    var id = EventClient.json(reader.events().getFirst()).at("/response/id").textValue();
    return UUID.fromString(
        id.replaceFirst("resp_(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(20));
  }

  private static List<Integer> numbers(EventClient reader) {
    return reader.events().stream()
        .map(event -> EventClient.json(event).get("sequence_number").intValue())
        .toList();
  }

  private static List<String> frames(EventClient reader) {
    return List.of(reader.raw().replace(":\n", "").split("(?<=\n\n)"));
  }

  private static void say(ScriptedGenerator.Script model) {
    DELTAS.forEach(model::delta);
  }

  @Test
  void tellsTheSameEventsFromEveryNumberOnBothInstances() throws Exception {
    var first = stream(",\"background\":true");
    var model = owner.generator().next().started();
    DELTAS.subList(0, 5).forEach(model::delta);
    first.awaitText(String.join("", DELTAS.subList(0, 5)));
    var turn = turn(first);
    var during = new ArrayList<EventClient>();
    for (var after = 0; after < EVENTS; after++) {
      during.add(follow(after % 2 == 0 ? owner : other, turn, after));
    }

    DELTAS.subList(5, DELTAS.size()).forEach(model::delta);
    model.finished();

    first.end();
    assertThat(first.text()).isEqualTo(ALL);
    assertThat(first.raw()).doesNotContain("id: ", "retry: ", "[DONE]");
    assertThat(numbers(first)).hasSize(EVENTS).isSorted().doesNotHaveDuplicates();
    var all = frames(first);
    for (var after = 0; after < EVENTS; after++) {
      for (var reader :
          List.of(during.get(after), follow(owner, turn, after), follow(other, turn, after))) {
        reader.end();
        assertThat(reader.status()).isEqualTo(200);
        assertThat(String.join("", frames(reader)))
            .as("after %d", after)
            .isEqualTo(String.join("", all.subList(after + 1, EVENTS)));
      }
    }
    assertThat(EventClient.json(first.events().getLast()).get("response"))
        .isEqualTo(document(other, turn));
  }

  /** T-30: the native reader, which can take text back, is ahead meanwhile. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsNothingThatTheStoreHasNotConfirmed(boolean stored) throws Exception {
    var reader = stream("");
    var model = owner.generator().next().started();
    model.delta("one ");
    reader.awaitText("one ");
    var ahead = EventClient.get(owner.eventsOf(turn(reader)));

    store.flushAnswersLost(stored);
    store.flushUnreachable(!stored);
    model.delta("two ");
    ahead.awaitText("one two ");
    var flushes = store.flushes().size();
    eventually().until(() -> store.flushes().size() > flushes + 2);

    assertThat(reader.text()).isEqualTo("one ");
    store.flushAnswersLost(false);
    store.flushUnreachable(false);
    reader.awaitText("one two ");
    model.finished();
    reader.end();
  }

  /** T-30: what a takeover may not build on is not told, though it is stored. */
  @Test
  void tellsNothingOfAnAttemptThatAnotherHasClaimed() throws Exception {
    var reader = stream("");
    var model = owner.generator().next().started();
    model.delta("one ");
    reader.awaitText("one ");
    var turn = turn(reader);

    store.claim(turn, UUID.randomUUID(), 1);
    model.delta("two ");
    eventually().until(() -> store.stored(turn).rows.containsKey("1.2"));
    var flushes = store.flushes().size();
    eventually()
        .until(
            () ->
                store.flushes().size() > flushes + 1
                    || owner.process().registry().find(turn) == null);

    assertThat(reader.text()).isEqualTo("one ");
    store.interrupt(turn, UUID.randomUUID());
    reader.end();
    assertThat(reader.text()).isEqualTo("one ");
    assertThat(reader.names()).endsWith("response.failed");
    assertThat(document(other, turn).at("/error/code").textValue()).isEqualTo("server_error");
  }

  /** An end without a last event must not pass for a whole answer. */
  @Test
  void breaksOffWhereTextWouldHaveToBeTakenBack() throws Exception {
    var reader = stream("");
    var model = owner.generator().next().started();
    model.delta("one ", "two ");
    reader.awaitText("one two ");

    store.claim(turn(reader), UUID.randomUUID(), 0);

    assertThat(reader.cut()).isNotNull();
    assertThat(reader.text()).isEqualTo("one two ");
  }

  @Test
  void asksForNoConfirmationWhereNobodyNeedsIt() throws Exception {
    var reader = owner.stream(UUID.randomUUID(), "Hi");
    var model = owner.generator().next().started();
    say(model);
    reader.awaitText(ALL);
    eventually().until(() -> !store.flushes().isEmpty());
    model.finished();
    reader.end();

    assertThat(store.flushes()).allMatch(flush -> flush.confirm().isEmpty());
  }

  /** T-29: of the events that repeat the text, one at a time waits for a reader. */
  @Test
  void makesTheEventsThatRepeatTheTextOneByOne() throws Exception {
    var patient = GatewayDriver.start(vertx, store, TurnsConfig.STANDARD, 1);
    var first = stream(",\"background\":true");
    var model = owner.generator().next().started();
    var turn = turn(first);
    first.leave();
    var delta = "0123456789".repeat(1000);
    for (var at = 0; at < 60; at++) {
      model.delta(delta);
    }
    model.finished();
    eventually().until(() -> store.stored(turn).state == TurnState.COMPLETED);
    var deltas = store.stored(turn).turn(true).lastSeq() - 1;
    var target = "/v1/responses/" + id(turn) + "?stream=true&starting_after=" + (deltas + 3);

    try (var slow = new SlowClient(patient.port(), target)) {
      eventually().until(() -> !patient.responses().isEmpty());
      var response = patient.responses().getFirst();
      eventually().until(() -> response.bytesWritten() >= 600_000);
      eventually().during(Duration.ofMillis(300)).until(() -> response.bytesWritten() < 700_000);

      slow.readToEnd();

      assertThat(slow.isCutOff()).isFalse();
      assertThat(slow.names())
          .containsExactly(
              "response.output_text.done",
              "response.content_part.done",
              "response.output_item.done",
              "response.completed");
      assertThat(document(patient, turn).at("/output/0/content/0/text").textValue())
          .isEqualTo(delta.repeat(60));
    }
  }

  @Test
  void tellsWhoIsBeyondTheEndNothing() throws Exception {
    var first = stream("");
    owner.generator().next().delta("x").finished();
    var turn = turn(first);
    first.end();

    for (var after : List.of(EVENTS, 1_000_000)) {
      for (var gateway : List.of(owner, other)) {
        var reader = follow(gateway, turn, after);
        reader.end();
        assertThat(reader.status()).isEqualTo(200);
        assertThat(reader.raw()).isEmpty();
      }
    }
    for (var malformed : List.of("-1", "x", "1.5", "")) {
      var url = url(owner, turn, "?stream=true&starting_after=" + malformed);
      var refused = EventClient.get(url).document();
      assertThat(refused.at("/error/param").textValue()).isEqualTo("starting_after");
    }
  }

  @Test
  void tellsTheTextAsOneEventWhereTheLogIsGone() throws Exception {
    var first = stream("");
    var model = owner.generator().next().started();
    say(model);
    model.finished();
    first.end();
    var turn = turn(first);
    eventually().until(() -> owner.process().registry().find(turn) == null);
    store.dropLog(turn);

    var again = EventClient.get(url(other, turn, "?stream=true"));
    var back = follow(other, turn, 3);
    again.end();
    back.end();

    assertThat(numbers(again)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(again.text()).isEqualTo(ALL);
    assertThat(back.status()).isEqualTo(404);
    assertThat(back.document().at("/error/message").textValue()).contains("without stream");
    assertThat(document(other, turn).at("/output/0/content/0/text").textValue()).isEqualTo(ALL);
  }

  /** Clients in Go say in a body that they want a stream. */
  @Test
  void streamsWhereTheBodySaysSo() throws Exception {
    var first = stream("");
    owner.generator().next().delta("x").finished();
    first.end();

    var request =
        EventClient.json(
            EventClient.request(url(other, turn(first), "?starting_after=3"))
                .header("content-type", "application/json")
                .method("GET", HttpRequest.BodyPublishers.ofString("{\"stream\":true}")));
    request.end();

    assertThat(request.header("content-type")).startsWith("text/event-stream");
    assertThat(request.names()).startsWith("response.output_text.delta");
  }

  @Test
  void cancelsAResponseThatNobodyReadsUnlessItIsInTheBackground() throws Exception {
    var left = stream("");
    var leftModel = owner.generator().next().started().delta("x");
    left.awaitText("x");
    var stays = stream(",\"background\":true");
    var staysModel = owner.generator().next().started().delta("y");
    stays.awaitText("y");

    left.leave();
    stays.leave();

    eventually().until(leftModel::isCancelled);
    eventually()
        .until(() -> document(other, turn(left)).get("status").textValue().equals("cancelled"));
    assertThat(document(other, turn(left)).at("/output/0/content/0/text").textValue())
        .isEqualTo("x");
    staysModel.delta("z").finished();
    eventually()
        .until(() -> document(other, turn(stays)).get("status").textValue().equals("completed"));
    assertThat(document(other, turn(stays)).at("/output/0/content/0/text").textValue())
        .isEqualTo("yz");
  }

  @Test
  void answersAtOnceInTheBackgroundAndStopsItOnRequest() throws Exception {
    var begun =
        EventClient.json(post(",\"background\":true,\"metadata\":{\"k\":\"v\"}")).document();
    assertThat(begun.get("status").textValue()).isEqualTo("queued");
    assertThat(begun.get("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
    var model = owner.generator().next().started().delta("x");
    var cancel = owner.url("/v1/responses/" + begun.get("id").textValue() + "/cancel");

    var once = EventClient.json(EventClient.post(cancel, "")).document();
    var twice = EventClient.json(EventClient.post(cancel, "{}")).document();

    assertThat(once.get("status").textValue()).isEqualTo("cancelled");
    assertThat(twice).isEqualTo(once);
    assertThat(model.isCancelled()).isTrue();
  }

  @Test
  void stopsOnlyWhatIsInTheBackground() throws Exception {
    var reader = stream("");
    var model = owner.generator().next().started();
    var turn = turn(reader);

    var refused = EventClient.json(EventClient.post(url(owner, turn, "/cancel"), ""));

    assertThat(refused.status()).isEqualTo(400);
    model.delta("x").finished();
    reader.end();
    assertThat(reader.names()).endsWith("response.completed");
  }

  @Test
  void waitsForAWholeResponse() throws Exception {
    var reader = EventClient.json(post(",\"previous_response_id\":\"" + id(TURN) + "\""));
    var model = owner.generator().next().started();
    say(model);
    model.finished();

    var response = reader.document();

    assertThat(response.at("/output/0/content/0/text").textValue()).isEqualTo(ALL);
    assertThat(response.get("status").textValue()).isEqualTo("completed");
    assertThat(response.get("previous_response_id").textValue()).isEqualTo(id(TURN));
    var accept = store.accepts().getFirst();
    assertThat(accept.place()).isEqualTo(new Accept.Place.Chained(TURN));
    assertThat(accept.instruction()).isNull();
  }

  @Test
  void answersOneResponseOfAConversationAtATime() throws Exception {
    var conversation =
        ",\"instructions\":\"Be brief.\",\"conversation\":\"conv_"
            + TURN.toString().replace("-", "")
            + "\"";
    var reader = stream(conversation);
    var model = owner.generator().next().started();

    var busy = EventClient.json(post(conversation));

    assertThat(busy.status()).isEqualTo(409);
    assertThat(busy.header("x-should-retry")).isEqualTo("false");
    assertThat(busy.document().at("/error/code").textValue()).isEqualTo("conversation_locked");
    model.delta("x").finished();
    reader.end();
    assertThat(EventClient.json(reader.events().getFirst()).at("/response/conversation/id"))
        .hasToString("\"conv_" + TURN.toString().replace("-", "") + "\"");
    var accept = store.accepts().getFirst();
    assertThat(accept.place()).isEqualTo(new Accept.Place.InSession(TURN));
    assertThat(accept.instruction()).isEqualTo("Be brief.");
  }

  @Test
  void attachesToTheResponseOfTheSameKey() throws Exception {
    var first = EventClient.send(post(",\"stream\":true").header("idempotency-key", "k"));
    var model = owner.generator().next().started().delta("x");
    first.awaitText("x");
    var second = EventClient.send(post(",\"stream\":true").header("idempotency-key", "k"));
    second.awaitText("x");
    model.finished();
    first.end();
    second.end();
    var whole = EventClient.send(post(",\"stream\":true").header("idempotency-key", "k"));
    whole.end();
    var other =
        EventClient.json(post(",\"stream\":true,\"user\":\"u\"").header("idempotency-key", "k"));

    assertThat(frames(second)).isEqualTo(frames(first)).isEqualTo(frames(whole));
    assertThat(owner.generator().isIdle()).isTrue();
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.document().at("/error/code").textValue()).isEqualTo("idempotency_key_reused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"stream\":true"})
  void refusesWithARealStatusWhatIsRefusedAtTheDoor(String members) throws Exception {
    var quick = GatewayDriver.QUICK;
    var patient =
        new TurnsConfig(
            quick.maxTurns(),
            quick.flushEvery(),
            quick.pollEvery(),
            quick.renewEvery(),
            quick.keepAlive(),
            quick.stall(),
            quick.maxAge(),
            quick.uncommitted(),
            Duration.ofSeconds(20),
            quick.busyFor());
    var gateway = GatewayDriver.start(vertx, store, patient, 1);
    var reader = EventClient.json(post(gateway, members));
    gateway.generator().next().failed(FailureCode.QUEUE_FULL);

    assertThat(reader.status()).isEqualTo(429);
    assertThat(reader.header("retry-after")).isNotEmpty();
    assertThat(reader.document().at("/error/type").textValue()).isEqualTo("rate_limit_error");
  }

  /** What the model said is paid for: the client is not to ask for all of it again. */
  @Test
  void answersWithAFailedResponseWhereThereIsText() throws Exception {
    var reader = EventClient.json(post(""));
    owner.generator().next().delta("Bl").failed(FailureCode.UPSTREAM_TRUNCATED);

    var response = reader.document();

    assertThat(reader.status()).isEqualTo(200);
    assertThat(response.get("status").textValue()).isEqualTo("failed");
    assertThat(response.at("/output/0/content/0/text").textValue()).isEqualTo("Bl");
  }

  @Test
  void knowsOnlyItsOwnTurns() throws Exception {
    var session = owner.stream(UUID.randomUUID(), "Hi");
    owner.generator().next().delta("x").finished();
    session.end();

    for (var unknown : List.of(id(session.turn()), id(TURN), "resp_1", "x")) {
      var reader = EventClient.json(EventClient.request(owner.url("/v1/responses/" + unknown)));
      assertThat(reader.status()).as(unknown).isEqualTo(404);
    }
    assertThat(store.stored(session.turn()).state).isEqualTo(TurnState.COMPLETED);
  }
}
