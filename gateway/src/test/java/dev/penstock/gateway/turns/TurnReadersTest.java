package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.turn.TurnState;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many readers, on several event loops, quick and slow (turns.md T-9, T-29; SSE-40). */
final class TurnReadersTest {
  private static final String WORD = "0123456789".repeat(20) + "\n";

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

  /** A reader that stops reading neither holds the turn back nor others, and is reset. */
  @Test
  void cutsAReaderThatTakesNothingAndFinishesItsTurn() throws Exception {
    var first = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started();
    first.awaitEvent("turn.accepted");
    try (var stalled = stalledReader(first.turn())) {
      for (var at = 0; at < 4000; at++) {
        model.delta(WORD);
      }
      first.await(client -> client.text().length() == 4000 * WORD.length(), "all text");
      model.finished();
      first.end();
      assertThat(store.stored(first.turn()).state).isEqualTo(TurnState.COMPLETED);
      assertThat(readToEnd(stalled, Duration.ofSeconds(3))).doesNotContain("turn.completed");
    }
    await().until(() -> gateway.process().registry().all().isEmpty());
  }

  /** A slow reader is fed at its own pace, from the one copy of the text. */
  @Test
  void feedsASlowReaderEverything() throws Exception {
    var first = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started();
    first.awaitEvent("turn.accepted");
    try (var slow = stalledReader(first.turn())) {
      for (var at = 0; at < 2000; at++) {
        model.delta(WORD);
      }
      model.finished();
      first.end();

      var body = readToEnd(slow, Duration.ZERO);

      assertThat(body).contains("turn.completed");
      assertThat(count(body, "0123456789")).isEqualTo(2000 * 20);
      assertThat(body).endsWith("0\r\n\r\n");
    }
  }

  private Socket stalledReader(UUID turn) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
    var request =
        "GET /v1/turns/"
            + turn
            + "/events HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String readToEnd(Socket socket, Duration pause) throws Exception {
    socket.setSoTimeout(5000);
    await().pollDelay(pause).until(() -> true);
    var body = new StringBuilder();
    var buffer = new byte[2048];
    try {
      for (var read = socket.getInputStream().read(buffer);
          read >= 0;
          read = socket.getInputStream().read(buffer)) {
        body.append(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
        if (body.lastIndexOf("0\r\n\r\n") >= Math.max(0, body.length() - 5)) {
          break;
        }
      }
    } catch (IOException e) {
      return body + "[cut off]";
    }
    return body.toString();
  }

  private static int count(String text, String part) {
    var count = 0;
    for (var at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      count++;
    }
    return count;
  }
}
