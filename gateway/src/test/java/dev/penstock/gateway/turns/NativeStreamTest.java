package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.SlowClient;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sections 1 to 4 of sse.md on the bytes of a native stream, whatever the model says. */
final class NativeStreamTest {
  private static final List<String> NASTY =
      List.of("data: x\n\n", "\r\nid: 9\r", "\u0000\u0001\t\"\\", "\u2028\u0085\uFEFF", "🐼", "é");

  // Of line ends, "." leaves out LF alone: text may hold others.
  private static final Pattern EVENT =
      Pattern.compile(
          "(retry: [0-9]+\n)?(id: ([0-9A-Za-z._-]{1,64})\n)?event: ([a-z.]+)\ndata: (\\{.*})\n\n",
          Pattern.UNIX_LINES);

  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver gateway = GatewayDriver.start(vertx, store);
  private EventClient first;
  private SlowClient reader;

  /** An event as its bytes say, not as a reader makes of them. */
  private record Framed(String retry, String id, String name, JsonNode data) {
    static Framed of(String bytes) {
      var event = EVENT.matcher(bytes);
      assertThat(event.matches()).as(bytes).isTrue();
      return new Framed(
          event.group(1) == null ? "" : event.group(1),
          event.group(3) == null ? "" : event.group(3),
          event.group(4),
          Wire.decode(event.group(5), JsonNode.class));
    }
  }

  @BeforeEach
  void streamWithAQueueASilenceAndNastyText() throws Exception {
    first = gateway.stream(UUID.randomUUID(), "Hi");
    var model = gateway.generator().next().queued(2);
    first.awaitEvent("turn.queued");
    reader = new SlowClient(gateway.port(), first.turn());
    await().atMost(Duration.ofSeconds(20)).until(() -> gateway.responses().size() == 2);
    first.await(client -> client.raw().contains("\n:\n"), "a keep-alive");
    model.started();
    var text = new StringBuilder();
    for (var piece : NASTY) {
      model.delta(piece);
      text.append(piece.replace('\0', '\uFFFD'));
      first.awaitText(text.toString());
    }
    model.finished();
    first.end();
    reader.readToEnd();
  }

  @AfterEach
  void close() throws Exception {
    reader.close();
    GatewayDriver.await(vertx.close());
  }

  /** SSE-1 to SSE-8: each write is whole events of the known lines, or a keep-alive. */
  @Test
  void writesWholeEventsOfTheKnownLines() throws Exception {
    assertThat(first.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(body()).doesNotStartWith("\uFEFF").doesNotContain("\r");

    for (var chunk : reader.chunks()) {
      if (!chunk.equals(":\n")) {
        assertThat(chunk).endsWith("\n\n");
        assertThat(events(chunk).map(Framed::of)).isNotEmpty();
      }
    }
  }

  /** SSE-12, SSE-13. */
  @Test
  void namesEveryEventInItsDataTooAndNoneError() {
    assertThat(framed())
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.data().get("type").asText()).isEqualTo(event.name()))
        .noneMatch(event -> event.name().equals("error"));
  }

  /** SSE-15, SSE-16, SSE-19: seq rises by one with each event that has an id; the rest has none. */
  @Test
  void numbersWhatIsStoredAndNothingElse() throws Exception {
    var ids = new ArrayList<String>();
    for (var event : framed()) {
      if (event.name().equals("turn.queued")) {
        assertThat(event.id()).isEmpty();
      } else {
        ids.add(event.id());
      }
    }

    assertThat(framed().getFirst().name()).isEqualTo("turn.accepted");
    assertThat(ids).hasSizeGreaterThan(NASTY.size());
    for (var seq = 0; seq < ids.size(); seq++) {
      assertThat(ids.get(seq)).isEqualTo(first.turn() + ".1." + seq);
    }
  }

  /** SSE-26, SSE-29: no blank line after a keep-alive, and the wait once, within an event. */
  @Test
  void keepsAliveByACommentAndSaysOnceWhenToComeBack() {
    assertThat(reader.chunks()).contains(":\n");
    assertThat(framed().getFirst().retry()).isNotEmpty();
    assertThat(Integer.parseInt(framed().getFirst().retry().replaceAll("\\D", "")))
        .isBetween(1600, 2400);
    assertThat(framed().stream().skip(1)).allMatch(event -> event.retry().isEmpty());
  }

  private String body() {
    return String.join("", reader.chunks());
  }

  private List<Framed> framed() {
    return events(body().replaceAll("(?m)^:\n", "")).map(Framed::of).toList();
  }

  private static Stream<String> events(String text) {
    return Stream.of(text.split("(?<=\n\n)"));
  }
}
