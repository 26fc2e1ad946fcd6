package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.turn.TurnState;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The other forms of an answer, and requests that meet a turn that exists. */
final class TurnFormsTest {
  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver gateway = GatewayDriver.start(vertx, store);
  private final UUID session = UUID.randomUUID();

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  private HttpRequest.Builder on(UUID turn, String call, String body) {
    return EventClient.post(gateway.url("/v1/turns/" + turn + "/" + call), body);
  }

  @Test
  void waitsForTheWholeTurn() throws Exception {
    var whole = EventClient.json(gateway.post(session, "Hi"));
    gateway.generator().next().started().delta("all ", "of it").finished();

    var turn = whole.document();
    assertThat(whole.status()).isEqualTo(200);
    assertThat(turn.get("state").asText()).isEqualTo("completed");
    assertThat(turn.get("output").get("text").asText()).isEqualTo("all of it");
    assertThat(turn.has("owner")).isFalse();
    assertThat(turn.has("bases")).isFalse();
    assertThat(whole.header("location")).isEqualTo("/v1/turns/" + turn.get("id").asText());
  }

  @Test
  void tellsAFailureWithItsStatusToWhoWaits() throws Exception {
    var whole = EventClient.json(gateway.post(session, "Hi"));
    gateway.generator().next().started().delta("half").failed(FailureCode.UPSTREAM_FAILED);

    var problem = whole.document();
    assertThat(whole.status()).isEqualTo(502);
    assertThat(problem.get("code").asText()).isEqualTo("upstream_failed");
    assertThat(problem.get("turn_id").asText()).hasSize(36);
  }

  /**
   * native-api.md section 1: the rows of what can fail behind the gateway, as both forms tell it.
   */
  @ParameterizedTest
  @CsvSource({
    "context_length_exceeded, 400, false",
    "rate_limited, 429, true",
    "queue_full, 429, true",
    "internal, 500, false",
    "upstream_failed, 502, false",
    "upstream_protocol, 502, false",
    "upstream_truncated, 502, false",
    "no_capacity, 503, true",
    "queue_timeout, 503, true",
    "draining, 503, true",
    "upstream_timeout, 504, false",
    "deadline_exceeded, 504, false",
  })
  void tellsEachFailureByItsRow(String code, int status, boolean atTheDoor) throws Exception {
    var whole = EventClient.json(gateway.post(session, "Hi"));
    gateway.generator().next().failed(FailureCode.of(code));
    var stream = gateway.stream(UUID.randomUUID(), "Hi");
    gateway.generator().next().failed(FailureCode.of(code));

    var problem = whole.document();
    assertThat(whole.status()).isEqualTo(status);
    assertThat(problem.get("code").asText()).isEqualTo(code);
    assertThat(problem.get("type").asText()).isEqualTo("/problems/" + code);
    assertThat(problem.get("turn_id").asText()).hasSize(36);
    if (atTheDoor) {
      assertThat(Integer.parseInt(whole.header("retry-after"))).isBetween(1, 30);
      assertThat(stream.status()).isEqualTo(status);
      assertThat(stream.document().get("code").asText()).isEqualTo(code);
    } else {
      stream.end();
      var last = stream.events().getLast();
      assertThat(last.name()).isEqualTo("turn.failed");
      assertThat(EventClient.json(last).get("code").asText()).isEqualTo(code);
    }
  }

  @Test
  void answersAtOnceWhereTheCallerPrefersSo() throws Exception {
    var later = EventClient.send(gateway.post(session, "Hi").header("prefer", "respond-async"));

    var turn = later.document();
    assertThat(later.status()).isEqualTo(202);
    assertThat(later.header("preference-applied")).isEqualTo("respond-async");
    assertThat(later.header("location")).isEqualTo("/v1/turns/" + turn.get("id").asText());
    assertThat(turn.get("state").asText()).isEqualTo("accepted");
    var id = UUID.fromString(turn.get("id").asText());
    gateway.generator().next().started().delta("done").finished();
    await().until(() -> store.stored(id).state == TurnState.COMPLETED);
  }

  /** T-5, SSE-24. */
  @Test
  void attachesToTheTurnThatItsKeyBegan() throws Exception {
    var first = EventClient.send(gateway.post(session, "Hi").header("idempotency-key", "k"));
    var model = gateway.generator().next().started().delta("a");
    first.awaitText("a");

    var second = EventClient.send(gateway.post(session, "Hi").header("idempotency-key", "k"));
    second.awaitText("a");
    assertThat(second.header("idempotency-replayed")).isEqualTo("true");
    assertThat(first.header("idempotency-replayed")).isEmpty();
    model.delta("b").finished();

    first.end();
    second.end();
    assertThat(second.text()).isEqualTo("ab");
    assertThat(second.turn()).isEqualTo(first.turn());
    var third = EventClient.json(gateway.post(session, "Hi").header("idempotency-key", "k"));
    assertThat(third.document().get("output").get("text").asText()).isEqualTo("ab");
    var other = EventClient.send(gateway.post(session, "Ho").header("idempotency-key", "k"));
    assertThat(other.document().get("code").asText()).isEqualTo("idempotency_key_reused");
    assertThat(gateway.generator().isIdle()).isTrue();
  }

  /** T-5: the answer of the first accept is lost, the repeated one finds the turn. */
  @Test
  void runsATurnWhoseAcceptWasAnsweredToNobody() throws Exception {
    store.acceptAnswersLost(true);
    var reader = gateway.stream(session, "Hi");
    await().until(() -> store.accepts().size() > 1);
    store.acceptAnswersLost(false);
    gateway.generator().next().started().delta("once").finished();

    reader.end();
    assertThat(reader.text()).isEqualTo("once");
    assertThat(gateway.generator().isIdle()).isTrue();
    assertThat(store.accepts().stream().map(accept -> accept.clientKey()).distinct()).hasSize(1);
  }

  @Test
  void saysWhichTurnIsInTheWay() throws Exception {
    var first = gateway.stream(session, "Hi");
    gateway.generator().next().started();
    first.awaitEvent("turn.accepted");

    var second = gateway.stream(session, "And?");

    assertThat(second.document().get("turn_id").asText()).isEqualTo(first.turn().toString());
    assertThat(second.status()).isEqualTo(409);
  }

  /** T-35. */
  @Test
  void interruptsTheTurnInTheWay() throws Exception {
    var first = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("part");
    first.awaitText("part");

    var second =
        EventClient.send(
            EventClient.post(
                gateway.turnsOf(session),
                "{\"input\":{\"text\":\"Stop\"},\"on_busy\":\"interrupt\"}"));
    gateway.generator().next().started().delta("new").finished();

    second.end();
    first.end();
    assertThat(first.names()).endsWith("turn.cancelled");
    assertThat(second.text()).isEqualTo("new");
  }

  @Test
  void continuesAnAnswerFromItsStoredPrefix() throws Exception {
    var first = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("one ").failed(FailureCode.UPSTREAM_FAILED);
    first.end();

    var second = EventClient.send(on(first.turn(), "continue", "{}"));
    var model = gateway.generator().next().started().delta("two");
    second.awaitText("one two");
    model.finished();

    second.end();
    assertThat(model.request().continuesAnswer()).isTrue();
    assertThat(second.names()).containsSequence("turn.accepted", "snapshot");
    var snapshot = EventClient.json(second.events().get(1));
    assertThat(snapshot.get("reason").asText()).isEqualTo("continue");
    assertThat(second.events().get(1).lastEventId()).isEqualTo(second.turn() + ".1.1");
    assertThat(store.finishes().getLast().text()).isEqualTo("one two");
    assertThat(store.finishes().getLast().terminalSeq()).isEqualTo(3);
  }

  /** T-24. */
  @Test
  void refusesToContinueWhereTheModelStartsOver() throws Exception {
    var first = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("one ").failed(FailureCode.UPSTREAM_FAILED);
    first.end();
    gateway.models().continues(null, false);

    var refused = EventClient.send(on(first.turn(), "continue", "{}"));

    assertThat(refused.document().get("code").asText()).isEqualTo("cannot_continue");
    var again = EventClient.send(on(first.turn(), "regenerate", "{}"));
    gateway.generator().next().started();
    again.awaitEvent("turn.accepted");
    var busy = EventClient.send(on(first.turn(), "continue", "{}"));
    assertThat(busy.document().get("code").asText()).isEqualTo("turn_in_progress");
  }

  @Test
  void refusesWhatItCannotRead() throws Exception {
    var turn = UUID.randomUUID();
    var malformed =
        EventClient.get(gateway.eventsOf(turn), turn + ".0.1").document().get("code").asText();
    assertThat(malformed).isEqualTo("invalid_request");
    var foreign = EventClient.get(gateway.eventsOf(turn), UUID.randomUUID() + ".1.1");
    assertThat(foreign.document().get("code").asText()).isEqualTo("invalid_request");
    var unknown = EventClient.get(gateway.eventsOf(turn), turn + ".1.1");
    assertThat(unknown.document().get("code").asText()).isEqualTo("not_found");
    var member =
        EventClient.send(
            EventClient.post(
                gateway.turnsOf(session), "{\"input\":{\"text\":\"Hi\"},\"temprature\":1}"));
    assertThat(member.document().get("errors").get(0).get("field").asText())
        .isEqualTo("temprature");
    var model =
        EventClient.send(
            EventClient.post(
                gateway.turnsOf(session), "{\"input\":{\"text\":\"Hi\"},\"model\":\"none\"}"));
    assertThat(model.document().get("code").asText()).isEqualTo("model_not_found");
    var agent =
        EventClient.send(
            EventClient.post(
                gateway.turnsOf(session), "{\"input\":{\"text\":\"Hi\"},\"agent\":\"none\"}"));
    assertThat(agent.document().get("code").asText()).isEqualTo("agent_not_found");
    assertThat(store.accepts()).isEmpty();
  }

  /** SSE-30: whoever comes back is asked to come again. */
  @Test
  void answersASimpleReadAndAnUnreachableStore() throws Exception {
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("a").finished();
    reader.end();
    var url = gateway.url("/v1/turns/" + reader.turn());
    var turn = EventClient.json(EventClient.request(url));
    assertThat(turn.document().get("output").get("text").asText()).isEqualTo("a");

    store.unreachable(true);

    assertThat(EventClient.json(EventClient.request(url)).document().get("code").asText())
        .isEqualTo("store_unavailable");
    var fresh = gateway.stream(session, "Hi");
    assertThat(fresh.document().get("code").asText()).isEqualTo("store_unavailable");
    assertThat(fresh.status()).isEqualTo(503);
    assertThat(EventClient.get(url + "/events").document().get("status").asInt()).isEqualTo(503);
    var again = EventClient.get(url + "/events", reader.turn() + ".1.0");
    again.end();
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.names()).containsExactly("reconnect");
    assertThat(again.raw()).startsWith("retry: 2000\n");
  }
}
