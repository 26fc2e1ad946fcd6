package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.SlowClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many readers, on several event loops, quick and slow (turns.md T-9, T-29; SSE-40). */
final class TurnReadersTest {
  private static final String WORD = "0123456789".repeat(20) + "\n";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int STALLED = 20;
  private static final long BUFFERED = 64 * 1024;

  /** What the kernel makes of 32 KiB to send and 4 KiB to receive. */
  private static final long SOCKET_BUFFERS = 80 * 1024;

  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver gateway = GatewayDriver.start(vertx, store, GatewayDriver.QUICK, 3);
  private final UUID session = UUID.randomUUID();

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  @Test
  void feedsReadersOnEveryLoopTheSameText() throws Exception {
    var first = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("begin ");
    first.awaitText("begin ");
    var readers = new ArrayList<EventClient>(List.of(first));
    for (var at = 0; at < 9; at++) {
      readers.add(EventClient.get(gateway.eventsOf(first.turn())));
    }
    var expected = new StringBuilder("begin ");
    for (var at = 0; at < 3000; at++) {
      var word = at + (at % 10 == 0 ? "🐼 " : " ");
      model.delta(word);
      expected.append(word);
    }
    model.finished();

    for (var reader : readers) {
      reader.end();
      assertThat(reader.text()).isEqualTo(expected.toString());
      assertThat(reader.lastEventId()).isEqualTo(first.turn() + ".1.3002");
    }
  }

  /** SSE-31. */
  @Test
  void asksAReaderToComeBackBeforeThePlatformCutsIt() throws Exception {
    var config =
        new TurnsConfig(
            10,
            Duration.ofMillis(50),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(250),
            Duration.ofSeconds(3));
    var brief = GatewayDriver.start(vertx, store, config, 1);
    var reader = brief.stream(session, "Hi");
    var model = brief.generator().next().started().delta("a");

    reader.end();
    assertThat(EventClient.json(reader.events().getLast()).get("reason").asText())
        .isEqualTo("max_age");
    var again = EventClient.get(brief.eventsOf(reader.turn()), reader.lastEventId());
    model.delta("b").finished();
    again.end();
    assertThat(again.text()).isEqualTo("b");
  }

  /**
   * T-29, SSE-40: readers that stop reading neither hold the turn back nor others; each is reset,
   * has cost no more than 64 KiB besides its socket's buffers, and misses nothing when it comes
   * back.
   */
  @Test
  void cutsReadersThatTakeNothingAndLetsThemComeBack() throws Exception {
    var first = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started();
    first.awaitEvent("turn.accepted");
    first.leave();
    var patient = GatewayDriver.start(vertx, store, TurnsConfig.STANDARD, 1);
    var healthy = EventClient.get(patient.eventsOf(first.turn()));
    var stalled = new ArrayList<SlowClient>();
    for (var at = 0; at < STALLED; at++) {
      stalled.add(new SlowClient(gateway.port(), first.turn()));
    }
    await().atMost(LIMIT).until(() -> gateway.responses().size() == 1 + STALLED);

    for (var at = 0; at < 4000; at++) {
      model.delta(WORD);
    }
    model.finished();
    healthy.end();

    assertThat(store.stored(first.turn()).state).isEqualTo(TurnState.COMPLETED);
    assertThat(healthy.text()).isEqualTo(WORD.repeat(4000));
    for (var response : gateway.responses().subList(1, 1 + STALLED)) {
      await().atMost(LIMIT).until(response::closed);
      assertThat(response.bytesWritten()).isBetween(1L, BUFFERED + SOCKET_BUFFERS);
    }
    await().atMost(LIMIT).until(() -> gateway.process().registry().all().isEmpty());
    for (var each : stalled) {
      assertThat(each.readToEnd().isCutOff()).isTrue();
      assertThat(each.names()).startsWith("turn.accepted").doesNotContain("turn.completed");
      var rest = EventClient.get(patient.eventsOf(first.turn()), each.lastEventId());
      rest.end();
      assertThat(each.text() + rest.text()).isEqualTo(healthy.text());
      each.close();
    }
  }

  /** A slow reader is fed at its own pace, from the one copy of the text. */
  @Test
  void feedsASlowReaderEverything() throws Exception {
    var patient = GatewayDriver.start(vertx, store, TurnsConfig.STANDARD, 1);
    var first = patient.stream(session, "Hi");
    var model = patient.generator().next().started();
    first.awaitEvent("turn.accepted");
    try (var slow = new SlowClient(patient.port(), first.turn())) {
      for (var at = 0; at < 2000; at++) {
        model.delta(WORD);
      }
      model.finished();
      first.end();

      slow.readToEnd();

      assertThat(slow.names()).endsWith("turn.completed");
      assertThat(slow.text()).isEqualTo(first.text()).hasSize(2000 * WORD.length());
      assertThat(slow.isCutOff()).isFalse();
    }
  }
}
