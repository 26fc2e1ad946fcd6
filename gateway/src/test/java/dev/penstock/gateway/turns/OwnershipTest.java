package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Owning a turn, losing it, being told about it: lease, fence, flush, disconnects, drain. */
final class OwnershipTest {
  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver owner = GatewayDriver.start(vertx, store);
  private final GatewayDriver other = GatewayDriver.start(vertx, store);
  private final UUID session = UUID.randomUUID();

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  private LogRow deltas(UUID turn, int attempt, int from, String... texts) {
    var to = from + texts.length - 1;
    return new LogRow(turn, attempt, from, to, LogRow.Kind.DELTAS, Wire.text(texts));
  }

  /** T-21: the renewal says that the turn is lost, and its readers go on under the new attempt. */
  @Test
  void stopsALostTurnAndRewindsItsReaders() throws Exception {
    var reader = owner.stream(session, "Hi");
    var model = owner.generator().next().started().delta("a", "b");
    await().until(() -> store.stored(reader.turn()).lastContiguous() == 2);
    store.flushUnreachable(true);
    model.delta("c");
    reader.awaitText("abc");

    store.claim(reader.turn(), UUID.randomUUID(), 2);
    store.store(deltas(reader.turn(), 2, 3, "X"));

    reader.awaitText("abX");
    assertThat(model.isCancelled()).isTrue();
    assertThat(reader.names()).contains("snapshot");
    store.store(deltas(reader.turn(), 2, 4, "Y"));
    reader.awaitText("abXY");
    assertThat(reader.lastEventId()).isEqualTo(reader.turn() + ".2.4");
    reader.leave();
  }

  /** T-21: whoever's it is, since it was accepted by somebody who is not here any more. */
  @Test
  void runsATurnThatWasGivenToItForItsOwnTenantAndPerson() throws Exception {
    vertx.runOnContext(
        _ -> store.accept(new Caller("acme", "ann"), ofSession(owner.process().instance())));

    var model = owner.generator().next();

    assertThat(model.request().tenant()).isEqualTo("acme");
    model.started().delta("a").finished();
    await().until(() -> !store.finishes().isEmpty());
  }

  private Accept ofSession(UUID instance) {
    return new Accept(
        instance,
        new Accept.Place.InSession(session),
        List.of(MessageDraft.of(new ChatMessage(Role.USER, "Hi"))),
        null,
        null,
        GenerationOptions.NONE,
        null,
        AnswerForm.PLAIN,
        null,
        new Accept.Terms(OnDisconnect.CONTINUE, 0, Accept.OnBusy.REJECT, 60_000),
        List.of(),
        "sim",
        Map.of(),
        "key",
        "hash");
  }

  /** T-15. */
  @Test
  void leavesTheEndToTheOtherWhenItsOwnFinishIsFenced() throws Exception {
    var reader = owner.stream(session, "Hi");
    var model = owner.generator().next().started().delta("a");
    reader.awaitText("a");
    await().until(() -> store.stored(reader.turn()).lastContiguous() == 1);
    store.interrupt(reader.turn(), UUID.randomUUID());

    model.delta("b").finished();

    reader.end();
    assertThat(reader.names()).endsWith("turn.interrupted");
    assertThat(reader.text()).isEqualTo("a");
    assertThat(store.stored(reader.turn()).state).isEqualTo(TurnState.INTERRUPTED);
  }

  /** T-34: cancelled through another instance. */
  @Test
  void hearsOfACancelWithItsRenewal() throws Exception {
    var reader = owner.stream(session, "Hi");
    var model = owner.generator().next().started().delta("a");
    reader.awaitText("a");

    var answer =
        EventClient.json(
            EventClient.post(other.url("/v1/turns/" + reader.turn() + "/cancel"), "{}"));

    assertThat(answer.document().get("id").asText()).isEqualTo(reader.turn().toString());
    reader.end();
    assertThat(reader.names()).endsWith("turn.cancelled");
    assertThat(model.isCancelled()).isTrue();
  }

  /** T-10: lost answers change nothing; bounds stay, nothing is stored twice or missing. */
  @Test
  void resendsRowsAsTheyWereCut() throws Exception {
    store.flushAnswersLost(true);
    var reader = owner.stream(session, "Hi");
    var model = owner.generator().next().started().delta("a");
    await()
        .until(() -> store.flushes().stream().filter(each -> !each.rows().isEmpty()).count() > 2);
    model.delta("b", "c");
    reader.awaitText("abc");
    var rows = new HashSet<LogRow>();
    store.flushes().forEach(flush -> rows.addAll(flush.rows()));
    assertThat(rows).hasSize(1);
    store.flushAnswersLost(false);
    await().until(() -> store.stored(reader.turn()).lastContiguous() == 3);
    model.delta("d").finished();

    reader.end();
    assertThat(store.stored(reader.turn()).countedText()).isEqualTo("abcd");
    assertThat(store.finishes().getFirst().text()).isEqualTo("abcd");
  }

  /** T-33. */
  @Test
  void cancelsATurnWhoseLastReaderLeftItForLong() throws Exception {
    var reader = cancelling(300);
    var model = owner.generator().next().started().delta("a");
    reader.awaitText("a");
    var turn = reader.turn();

    reader.leave();

    await().until(() -> store.stored(turn).state == TurnState.CANCELLED);
    assertThat(model.isCancelled()).isTrue();
  }

  /** T-33: readers of other instances count. */
  @Test
  void keepsATurnThatIsReadElsewhere() throws Exception {
    var reader = cancelling(400);
    var model = owner.generator().next().started().delta("a");
    reader.awaitText("a");
    var turn = reader.turn();
    var elsewhere = EventClient.get(other.eventsOf(turn));
    elsewhere.awaitText("a");
    await().during(Duration.ofMillis(150)).until(() -> true);

    reader.leave();

    await().during(Duration.ofSeconds(1)).until(() -> !model.isCancelled());
    elsewhere.leave();
    await().until(() -> store.stored(turn).state == TurnState.CANCELLED);
  }

  /** T-33: a turn that never had a reader is not cancelled. */
  @Test
  void keepsATurnThatNeverHadAReader() throws Exception {
    EventClient.send(cancellingRequest(0).header("prefer", "respond-async")).end();
    var model = owner.generator().next().started().delta("a");

    await().during(Duration.ofMillis(800)).until(() -> !model.isCancelled());
    model.finished();
  }

  /** T-33: a caller that waits for the whole answer is a reader, for as long as it waits. */
  @Test
  void cancelsATurnWhoseWaitingCallerHungUp() throws Exception {
    var waiting = EventClient.json(cancellingRequest(0));
    var model = owner.generator().next().started().delta("a");
    await().during(Duration.ofMillis(800)).until(() -> !model.isCancelled());

    waiting.leave();

    await().until(model::isCancelled);
  }

  private EventClient cancelling(int graceMs) {
    return EventClient.send(cancellingRequest(graceMs));
  }

  private HttpRequest.Builder cancellingRequest(int graceMs) {
    return EventClient.post(
        owner.turnsOf(session),
        "{\"input\":{\"text\":\"Hi\"},\"on_disconnect\":\"cancel\",\"disconnect_grace_ms\":"
            + graceMs
            + "}");
  }

  @Test
  void knowsHowManyGatewaysLive() {
    await().until(() -> owner.process().liveGateways() == 2);
  }

  /** Until hand-over exists, a drain ends what has not ended by itself as interrupted. */
  @Test
  void interruptsWhatIsLeftAtTheEndOfADrain() throws Exception {
    var quick = owner.stream(session, "Hi");
    var soon = owner.generator().next().started().delta("a");
    quick.awaitText("a");
    var slow = owner.stream(UUID.randomUUID(), "Hi");
    owner.generator().next().started().delta("b");
    slow.awaitText("b");
    var elsewhere = EventClient.get(other.eventsOf(slow.turn()));
    elsewhere.awaitText("b");
    var begun = System.nanoTime();
    var drained = owner.process().drain(vertx, Duration.ofSeconds(1));
    var refused = owner.stream(UUID.randomUUID(), "Hi");
    assertThat(refused.document().get("code").asText()).isEqualTo("draining");
    assertThat(refused.status()).isEqualTo(503);

    soon.delta("c").finished();

    quick.end();
    assertThat(quick.names()).endsWith("turn.completed");
    slow.end();
    assertThat(slow.names()).endsWith("turn.interrupted");
    elsewhere.end();
    assertThat(elsewhere.names()).endsWith("turn.interrupted");
    GatewayDriver.await(drained);
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
    assertThat(store.holdsLease(owner.process().instance())).isFalse();
  }

  /** SSE-39. */
  @Test
  void sendsReadersOfOthersTurnsAwayAtTheEndOfADrain() throws Exception {
    var reader = owner.stream(session, "Hi");
    var model = owner.generator().next().started().delta("a");
    reader.awaitText("a");
    var elsewhere = EventClient.get(other.eventsOf(reader.turn()));
    elsewhere.awaitText("a");

    GatewayDriver.await(other.process().drain(vertx, Duration.ofMillis(300)));

    elsewhere.end();
    assertThat(EventClient.json(elsewhere.events().getLast()).get("reason").asText())
        .isEqualTo("drain");
    model.finished();
    reader.end();
    assertThat(reader.names()).endsWith("turn.completed");
  }

  @Test
  void refusesMoreTurnsThanItCanRun() throws Exception {
    var one =
        new TurnsConfig(
            1,
            GatewayDriver.QUICK.flushEvery(),
            GatewayDriver.QUICK.pollEvery(),
            GatewayDriver.QUICK.renewEvery(),
            GatewayDriver.QUICK.keepAlive(),
            GatewayDriver.QUICK.stall(),
            GatewayDriver.QUICK.maxAge(),
            GatewayDriver.QUICK.uncommitted(),
            GatewayDriver.QUICK.hold(),
            GatewayDriver.QUICK.busyFor());
    var small = GatewayDriver.start(vertx, store, one, 1);
    small.stream(session, "Hi").awaitEvent("turn.accepted");

    var refused = small.stream(UUID.randomUUID(), "Hi");

    assertThat(refused.document().get("code").asText()).isEqualTo("no_capacity");
    assertThat(List.of(refused.status())).containsExactly(503);
  }
}
