package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.session.Turn;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * T-28, SSE-17, SSE-25: readers that leave and come back, to the instance that runs the turn and to
 * another (sse.md section 3).
 */
final class TurnResumeTest {
  private static final List<String> DELTAS =
      List.of("The ", "red ", "panda", "\n", "🐼 ", "eats \"bamboo\"", "\t\\", "é", "\u0001", "x");
  private static final String ALL = String.join("", DELTAS);

  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver owner = GatewayDriver.start(vertx, store);
  private final GatewayDriver other = GatewayDriver.start(vertx, store);
  private final UUID session = UUID.randomUUID();
  private EventClient first;
  private ScriptedGenerator.Script model;

  @BeforeEach
  void streamHalf() throws Exception {
    first = owner.stream(session, "Hi");
    model = owner.generator().next().started();
    for (var delta : DELTAS.subList(0, 6)) {
      model.delta(delta);
    }
    first.awaitText(textUpTo(6));
  }

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  private static String textUpTo(int seq) {
    return String.join("", DELTAS.subList(0, seq));
  }

  private void finish() {
    for (var delta : DELTAS.subList(6, DELTAS.size())) {
      model.delta(delta);
    }
    model.finished();
  }

  @Test
  void goesOnFromEveryPositionOnBothInstances() throws Exception {
    var readers = new ArrayList<EventClient>();
    for (var gateway : List.of(owner, other)) {
      for (var seq = 0; seq <= 6; seq++) {
        readers.add(EventClient.get(gateway.eventsOf(first.turn()), first.turn() + ".1." + seq));
      }
      readers.add(EventClient.get(gateway.eventsOf(first.turn())));
    }

    finish();

    for (var at = 0; at < readers.size(); at++) {
      var reader = readers.get(at);
      reader.end();
      var seq = at % 8;
      var expected = seq == 7 ? ALL : ALL.substring(textUpTo(seq).length());
      assertThat(reader.text()).as("reader %d", at).isEqualTo(expected);
      assertThat(reader.lastEventId()).isEqualTo(first.turn() + ".1.11");
      assertThat(reader.names()).endsWith("turn.completed").doesNotContain("snapshot");
      assertThat(reader.names().contains("turn.accepted")).isEqualTo(seq == 7);
    }
  }

  @Test
  void replaysAnEndedTurnFromEveryPosition() throws Exception {
    finish();
    first.end();

    for (var seq = 0; seq <= DELTAS.size(); seq++) {
      var reader = EventClient.get(other.eventsOf(first.turn()), first.turn() + ".1." + seq);
      reader.end();
      assertThat(textUpTo(seq) + reader.text()).isEqualTo(ALL);
      assertThat(reader.names()).endsWith("turn.completed");
    }
  }

  @Test
  void tellsWhoHasEverythingThatThereIsNothing() throws Exception {
    finish();
    first.end();

    for (var gateway : List.of(owner, other)) {
      var reader = EventClient.get(gateway.eventsOf(first.turn()), first.turn() + ".1.11");
      reader.end();
      assertThat(reader.status()).isEqualTo(204);
      assertThat(reader.raw()).isEmpty();
    }
  }

  @Test
  void waitsForTheLogToReachAPositionAheadOfIt() throws Exception {
    var ahead = EventClient.get(other.eventsOf(first.turn()), first.turn() + ".1.8");
    assertThat(ahead.status()).isEqualTo(200);

    finish();

    ahead.end();
    assertThat(ahead.text()).isEqualTo(ALL.substring(textUpTo(8).length()));
    assertThat(ahead.names()).doesNotContain("snapshot");
  }

  @Test
  void sendsASnapshotToWhoIsAheadOfADeadOwner() throws Exception {
    var ahead = EventClient.get(other.eventsOf(first.turn()), first.turn() + ".1.9");
    assertThat(ahead.status()).isEqualTo(200);
    awaitStored(6);

    store.expire(owner.process().instance());
    store.interrupt(first.turn(), UUID.randomUUID());

    ahead.end();
    assertThat(ahead.names()).contains("snapshot").endsWith("turn.interrupted");
    assertThat(ahead.text()).isEqualTo(textUpTo(6));
  }

  @Test
  void comesBackTwentyTimesAndMissesNothing() throws Exception {
    first.leave();
    var text = new StringBuilder(textUpTo(6));
    var position = first.turn() + ".1.6";
    for (var at = 0; at < 20; at++) {
      var gateway = at % 2 == 0 ? other : owner;
      var reader = EventClient.get(gateway.eventsOf(first.turn()), position);
      model.delta(at + ",");
      reader.awaitText(at + ",");
      position = reader.lastEventId();
      text.append(reader.text());
      reader.leave();
    }
    model.finished();

    var all = EventClient.get(other.eventsOf(first.turn()));
    all.end();
    assertThat(all.text()).isEqualTo(text.toString());
  }

  /** T-32, SSE-17, SSE-24: the id names the turn, though the address does not. */
  @Test
  void takesAPostThatNamesAPositionForAResume() throws Exception {
    var position = first.turn() + ".1.2";
    var reader = EventClient.send(owner.post(session, "ignored").header("last-event-id", position));
    var whole = EventClient.json(other.post(session, "ignored").header("last-event-id", position));
    var foreign =
        EventClient.send(
            owner.post(UUID.randomUUID(), "ignored").header("last-event-id", position));
    assertThat(foreign.document().get("code").asText()).isEqualTo("not_found");

    finish();

    reader.end();
    assertThat(reader.text()).isEqualTo(ALL.substring(textUpTo(2).length()));
    assertThat(whole.document().get("output").get("text").asText()).isEqualTo(ALL);
    assertThat(store.accepts()).hasSize(1);
  }

  /** SSE-21. */
  @Test
  void prefersTheHeaderToTheParameter() throws Exception {
    var turn = first.turn();
    var url = owner.eventsOf(turn) + "?last_event_id=" + turn + ".1.1";
    var byParameter = EventClient.get(url);
    var byHeader = EventClient.get(url, turn + ".1.5");

    finish();

    byParameter.end();
    byHeader.end();
    assertThat(byParameter.text()).isEqualTo(ALL.substring(textUpTo(1).length()));
    assertThat(byHeader.text()).isEqualTo(ALL.substring(textUpTo(5).length()));
  }

  /** SSE-23: never a hole. */
  @Test
  void sendsTheMessageWhereTheLogIsGone() throws Exception {
    finish();
    first.end();
    store.dropLog(first.turn());

    var fresh = EventClient.get(other.eventsOf(first.turn()));
    var back = EventClient.get(other.eventsOf(first.turn()), first.turn() + ".1.4");
    fresh.end();
    back.end();

    assertThat(fresh.names()).containsExactly("snapshot", "turn.completed");
    assertThat(fresh.text()).isEqualTo(ALL);
    assertThat(back.names()).containsExactly("snapshot", "turn.completed");
    assertThat(back.text()).isEqualTo(ALL);
    assertThat(back.lastEventId()).isEqualTo(first.turn() + ".1.11");
  }

  /** T-36. */
  @Test
  void tellsReadersOfADeletedTurnThatItWasCancelled() throws Exception {
    var reader = EventClient.get(other.eventsOf(first.turn()), first.turn() + ".1.6");
    assertThat(reader.status()).isEqualTo(200);

    store.delete(first.turn());

    reader.end();
    assertThat(reader.names()).endsWith("turn.cancelled");
  }

  @Test
  void goesOnFromMemoryWhileTheStoreIsUnreachable() throws Exception {
    store.unreachable(true);

    var reader = EventClient.get(owner.eventsOf(first.turn()), first.turn() + ".1.6");
    model.delta(DELTAS.get(6));

    reader.awaitText(DELTAS.get(6));
    store.unreachable(false);
    for (var delta : DELTAS.subList(7, DELTAS.size())) {
      model.delta(delta);
    }
    model.finished();
    reader.end();
    assertThat(textUpTo(6) + reader.text()).isEqualTo(ALL);
  }

  private void awaitStored(int seq) {
    org.awaitility.Awaitility.await()
        .until(() -> store.stored(firstTurn()).turn(true), (Turn turn) -> turn.lastSeq() >= seq);
  }

  private UUID firstTurn() throws InterruptedException {
    return first.turn();
  }
}
