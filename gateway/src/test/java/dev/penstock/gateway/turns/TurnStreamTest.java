package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A turn from its POST to its last event, as a stream, on the instance that runs it. */
final class TurnStreamTest {
  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver gateway = GatewayDriver.start(vertx, store);
  private final UUID session = UUID.randomUUID();

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  @Test
  void streamsFromAcceptedToCompleted() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("Gr", "üße", " 🐼\n\"x\"");
    reader.awaitText("Grüße 🐼\n\"x\"");
    model.finished();

    var response = reader.end();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(reader.text()).isEqualTo("Grüße 🐼\n\"x\"");
    assertThat(reader.names()).startsWith("turn.accepted", "delta").endsWith("turn.completed");
    assertThat(reader.lastEventId()).isEqualTo(reader.turn() + ".1.4");
    assertThat(store.stored(reader.turn()).countedText()).isEqualTo(reader.text());
    assertThat(reader.raw()).startsWith("retry: ");
    assertThat(reader.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(reader.header("cache-control")).isEqualTo("no-store, no-transform");
    assertThat(reader.header("x-accel-buffering")).isEqualTo("no");
    assertThat(reader.header("location")).isEqualTo("/v1/turns/" + reader.turn());
  }

  @Test
  void tellsWhatTheEventsOfNativeClientsTell() throws Exception {
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().queued(2).started().delta("a").finished();
    reader.end();

    var accepted = EventClient.json(reader.events().getFirst());
    assertThat(accepted.get("type").asText()).isEqualTo("turn.accepted");
    assertThat(accepted.get("turn_id").asText()).isEqualTo(reader.turn().toString());
    assertThat(accepted.get("session_id").asText()).isEqualTo(session.toString());
    assertThat(accepted.get("attempt").asInt()).isEqualTo(1);
    assertThat(accepted.get("model").asText()).isEqualTo("sim");
    var completed = EventClient.json(reader.events().getLast());
    assertThat(completed.get("finish_reason").asText()).isEqualTo("stop");
    assertThat(completed.get("usage").get("output_tokens").asInt()).isEqualTo(5);
    assertThat(completed.get("sha256").asText())
        .isEqualTo("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
  }

  @Test
  void tellsThePlaceInTheQueueAndForgetsItWithTheFirstDelta() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().queued(3);
    reader.awaitEvent("turn.queued");
    await().until(() -> store.stored(reader.turn()).queue != null);
    var place = EventClient.json(reader.events().getLast());
    assertThat(place.get("position").asInt()).isEqualTo(3);
    assertThat(place.get("reason").asText()).isEqualTo("slots");

    model.started().delta("a");

    reader.awaitText("a");
    await().until(() -> store.stored(reader.turn()).queue == null);
    await().until(() -> store.stored(reader.turn()).state == TurnState.STREAMING);
    model.finished();
  }

  /** T-14, SSE-36. */
  @Test
  void showsTheEndOnlyOnceItIsCommitted() throws Exception {
    var gate = Promise.<Void>promise();
    store.finishAfter(gate.future());
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("all").finished();
    reader.awaitText("all");
    await().until(() -> !store.finishes().isEmpty());
    assertThat(reader.names()).doesNotContain("turn.completed");

    gate.complete();

    reader.end();
    assertThat(reader.names()).endsWith("turn.completed");
  }

  /** T-14. */
  @Test
  void sendsReadersAwayWhileTheEndCannotBeCommittedAndCommitsItLater() throws Exception {
    store.finishUnreachable(true);
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("all").finished();

    reader.end();
    assertThat(reader.text()).isEqualTo("all");
    var last = EventClient.json(reader.events().getLast());
    assertThat(last.get("type").asText()).isEqualTo("reconnect");
    assertThat(last.get("reason").asText()).isEqualTo("store_unavailable");
    store.finishUnreachable(false);
    var again = EventClient.get(gateway.eventsOf(reader.turn()), reader.lastEventId());
    await()
        .untilAsserted(
            () -> assertThat(store.stored(reader.turn()).state).isEqualTo(TurnState.COMPLETED));
    again.end();
    assertThat(store.finishes().stream().distinct()).hasSize(1);
  }

  /** T-18, and native-api.md section 3: an overload is a real 429 or 503. */
  @Test
  void answersARefusalAtTheDoorWithItsOwnStatus() throws Exception {
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().failed(FailureCode.QUEUE_FULL);

    var problem = reader.document();
    assertThat(reader.status()).isEqualTo(429);
    assertThat(reader.header("retry-after")).isEqualTo("7");
    assertThat(reader.header("content-type")).isEqualTo("application/problem+json");
    assertThat(problem.get("code").asText()).isEqualTo("queue_full");
    var turn = UUID.fromString(problem.get("turn_id").asText());
    assertThat(store.stored(turn).refused).isTrue();
    assertThat(store.finishes().getFirst().text()).isEmpty();
    assertThat(store.finishes().getFirst().terminalSeq()).isEqualTo(1);
  }

  /** T-19. */
  @Test
  void startsARefusedTurnOverUnderItsKey() throws Exception {
    var refused = EventClient.send(gateway.post(session, "Hi").header("idempotency-key", "k"));
    gateway.generator().next().failed(FailureCode.NO_CAPACITY);
    var turn = refused.document().get("turn_id").asText();

    var reader = EventClient.send(gateway.post(session, "Hi").header("idempotency-key", "k"));
    gateway.generator().next().started().delta("now").finished();

    reader.end();
    assertThat(reader.status()).isEqualTo(200);
    assertThat(reader.turn()).isEqualTo(UUID.fromString(turn));
    assertThat(reader.header("idempotency-replayed")).isEqualTo("true");
    assertThat(reader.text()).isEqualTo("now");
    assertThat(reader.lastEventId()).isEqualTo(turn + ".2.2");
  }

  @Test
  void failsInTheStreamOnceItHasBegun() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("half");
    reader.awaitText("half");
    model.failed(FailureCode.UPSTREAM_TRUNCATED);

    reader.end();
    assertThat(reader.names()).endsWith("turn.failed");
    var failed = EventClient.json(reader.events().getLast());
    assertThat(failed.get("code").asText()).isEqualTo("upstream_truncated");
    assertThat(failed.get("retryable").asBoolean()).isTrue();
    assertThat(failed.get("message_id").isNull()).isFalse();
    assertThat(store.finishes().getFirst().text()).isEqualTo("half");
  }

  @Test
  void refusesInTheStreamWhatHasWaitedTooLong() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().queued(1);
    reader.awaitEvent("turn.queued");
    model.failed(FailureCode.QUEUE_TIMEOUT);

    reader.end();
    assertThat(reader.names()).endsWith("turn.failed");
    assertThat(store.stored(reader.turn()).refused).isTrue();
  }

  /** T-7. */
  @Test
  void refusesATurnThatStillWaitsAtItsDeadline() throws Exception {
    var reader =
        EventClient.send(
            EventClient.post(
                gateway.turnsOf(session), "{\"input\":{\"text\":\"Hi\"},\"deadline_ms\":1000}"));
    var model = gateway.generator().next().queued(1);

    reader.end();
    assertThat(EventClient.json(reader.events().getLast()).get("code").asText())
        .isEqualTo("queue_timeout");
    assertThat(model.isCancelled()).isTrue();
  }

  /** T-7. */
  @Test
  void failsATurnThatStreamsAtItsDeadlineAndKeepsItsText() throws Exception {
    var reader =
        EventClient.send(
            EventClient.post(
                gateway.turnsOf(session), "{\"input\":{\"text\":\"Hi\"},\"deadline_ms\":1000}"));
    gateway.generator().next().started().delta("kept");

    reader.end();
    assertThat(EventClient.json(reader.events().getLast()).get("code").asText())
        .isEqualTo("deadline_exceeded");
    assertThat(store.finishes().getFirst().text()).isEqualTo("kept");
  }

  /** T-9: text past 1 MiB ends as length, whole scalar values. */
  @Test
  void endsAnAnswerThatGrowsTooLong() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var piece = "€".repeat(100_000);
    var model = gateway.generator().next().started().delta("a", piece, piece, piece, piece);

    reader.end();
    var finish = store.finishes().getFirst();
    assertThat(finish.text()).isEqualTo("a" + "€".repeat((1024 * 1024 - 1) / 3));
    assertThat(reader.text()).isEqualTo(finish.text());
    assertThat(EventClient.json(reader.events().getLast()).get("finish_reason").asText())
        .isEqualTo("length");
    assertThat(finish.outcome()).isInstanceOf(TurnOutcome.Completed.class);
    assertThat(model.isCancelled()).isTrue();
    for (var event : reader.raw().split("\n\n")) {
      assertThat(event.length() * 3).isLessThan(3 * 64 * 1024);
    }
  }

  /** T-34, T-40. */
  @Test
  void cancelsAtOnceAndKeepsWhatWasSaid() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("one", " two");
    reader.awaitText("one two");

    var answer =
        EventClient.json(
            EventClient.post(gateway.url("/v1/turns/" + reader.turn() + "/cancel"), "{}"));

    assertThat(answer.document().get("id").asText()).isEqualTo(reader.turn().toString());
    assertThat(answer.status()).isEqualTo(202);
    reader.end();
    assertThat(model.isCancelled()).isTrue();
    var cancelled = EventClient.json(reader.events().getLast());
    assertThat(cancelled.get("type").asText()).isEqualTo("turn.cancelled");
    assertThat(cancelled.get("usage").get("estimated").asBoolean()).isTrue();
    assertThat(cancelled.get("usage").get("output_tokens").asInt()).isEqualTo(2);
    assertThat(store.finishes()).extracting(Finish::text).containsExactly("one two");
    var twice =
        EventClient.json(
            EventClient.post(gateway.url("/v1/turns/" + reader.turn() + "/cancel"), ""));
    assertThat(twice.document().get("state").asText()).isEqualTo("cancelled");
    assertThat(twice.status()).isEqualTo(200);
  }

  /** SSE-26, SSE-27. */
  @Test
  void keepsASilentConnectionOpen() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started();

    reader.await(client -> client.raw().endsWith("\n\n:\n"), "a keep-alive");
    model.delta("a").finished();
    reader.end();
    assertThat(reader.text()).isEqualTo("a");
  }

  /** SSE-9, SSE-10. */
  @Test
  void sendsAndStoresTheSameTextWhateverTheModelSends() throws Exception {
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("a\0b", "\uD83D", "\uDC3C", "x\uD83D").finished();

    reader.end();
    assertThat(reader.text()).isEqualTo("a\uFFFDb🐼x\uFFFD");
    assertThat(store.finishes().getFirst().text()).isEqualTo(reader.text());
    assertThat(store.stored(reader.turn()).countedText()).isEqualTo(reader.text());
  }
}
