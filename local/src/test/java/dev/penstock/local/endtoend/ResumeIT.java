package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static dev.penstock.local.endtoend.ChatClient.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.gateway.SlowClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T-9, T-11, T-28, T-29, T-31, SSE-25 and sse.md section 3: two gateways over one database. */
class ResumeIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.TWO_OF_EACH.with("PENSTOCK_READER_STALL_MS", "2000"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void resumesOnAnotherGatewayFromEveryPositionWithTheSameBytes() {
    var session = cluster.client(0).newSession();
    var half = cluster.client(0).turn(session, ask(60));
    half.untilText(80);
    var turn = half.turnId();
    half.close();
    var whole = cluster.client(0).follow(turn, null);
    whole.untilEnd();

    var stored = cluster.client(1).get("/v1/turns/" + turn).json();
    assertThat(whole.text()).isEqualTo(stored.at("/output/text").asText());
    assertThat(Texts.sha256(whole.text())).isEqualTo(stored.at("/output/sha256").asText());
    var last = seq(whole.position());
    var missing = whole.text().length() + 1;
    for (var seq = 0; seq < last; seq++) {
      var resumed = cluster.client(1).follow(turn, turn + ".1." + seq);
      resumed.untilEnd();

      // Deltas are never empty: each position misses exactly its own delta more than the next one.
      assertThat(whole.text()).as("resumed after " + seq).endsWith(resumed.text());
      assertThat(resumed.text().length()).as("resumed after " + seq).isLessThan(missing);
      missing = resumed.text().length();
      // A reader that lagged got several deltas in one event (SSE-18) and has no position between.
      if (seq == 0 || stoodAt(half.seen(), seq)) {
        assertThat(prefix(half.seen(), seq) + resumed.text())
            .as("seen until " + seq + ", resumed after it")
            .isEqualTo(whole.text());
      }
      assertThat(seq(resumed.seen().getFirst().lastEventId())).isGreaterThan(seq);
      assertThat(resumed.position()).isEqualTo(whole.position());
    }
    assertThat(missing).as("missed at the last delta").isZero();
    assertThat(cluster.client(1).follow(turn, whole.position()).status()).isEqualTo(204);
  }

  @Test
  void missesNothingThroughTwentyReconnectsOfARunningTurn() {
    var session = cluster.client(0).newSession();
    var stream = cluster.client(0).turn(session, ask(700));
    var turn = stream.turnId();
    var assembled = new StringBuilder();
    var position = turn + ".1.0";
    for (var reconnect = 0; reconnect < 20; reconnect++) {
      stream.untilText(12);
      assembled.append(stream.text());
      position = stream.position();
      stream.close();
      stream = cluster.client(reconnect % 2 == 0 ? 1 : 0).follow(turn, position);
      assertThat(stream.status()).isEqualTo(200);
    }
    stream.untilEnd();
    assembled.append(stream.text());

    var stored = cluster.client(1).get("/v1/turns/" + turn).json();
    assertThat(assembled).hasToString(stored.at("/output/text").asText());
  }

  @Test
  void showsFiveReadersTheSameText() {
    var session = cluster.client(0).newSession();
    var first = cluster.client(0).turn(session, ask(80));
    var others =
        IntStream.range(0, 4)
            .mapToObj(reader -> cluster.client(reader % 2).follow(first.turnId(), null))
            .toList();

    var texts = new ArrayList<CompletableFuture<String>>();
    for (var reader : others) {
      texts.add(
          CompletableFuture.supplyAsync(
              () -> {
                reader.untilEnd();
                return reader.text();
              }));
    }
    first.untilEnd();

    assertThat(texts).allSatisfy(text -> assertThat(text.join()).isEqualTo(first.text()));
  }

  @Test
  void answersAPositionAheadOfAFinishedTurnWithASnapshot() {
    var session = cluster.client(0).newSession();
    var whole = cluster.client(0).turn(session, ask(20));
    whole.untilEnd();

    var resumed = cluster.client(1).follow(whole.turnId(), whole.turnId() + ".1.100000");
    resumed.untilEnd();

    assertThat(resumed.seen().getFirst().name()).isEqualTo("snapshot");
    assertThat(EventStream.data(resumed.seen().getFirst()).get("reason").asText())
        .isEqualTo("rewind");
    assertThat(resumed.text()).isEqualTo(whole.text());
  }

  @Test
  void refusesAMalformedPosition() {
    var session = cluster.client(0).newSession();
    var whole = cluster.client(0).turn(session, ask(5));
    whole.untilEnd();

    for (var malformed : List.of("nonsense", whole.turnId() + ".0.1", whole.turnId() + ".1.-1")) {
      assertThat(cluster.client(1).follow(whole.turnId(), malformed).status()).isEqualTo(400);
    }
  }

  @Test
  void resumesAPostThatCarriesAPositionAndStartsNothing() {
    var session = cluster.client(0).newSession();
    var half = cluster.client(0).turn(session, ask(60));
    half.untilText(60);
    var seen = half.text();
    half.close();

    var resumed = cluster.client(1).turn(session, ask(60), "Last-Event-ID", half.position());
    resumed.untilEnd();

    assertThat(resumed.turnId()).isEqualTo(half.turnId());
    assertThat(seen + resumed.text())
        .isEqualTo(
            cluster.client(0).get("/v1/turns/" + half.turnId()).json().at("/output/text").asText());
    var turns = cluster.client(0).get("/v1/sessions/" + session + "/turns").json().get("data");
    assertThat(turns).hasSize(1);
  }

  /** T-29, SSE-40: at its owner and elsewhere, and the turn is unharmed. */
  @Test
  void cutsAReaderThatStopsReadingAndMissesNothingWhenItComesBack() throws IOException {
    var session = cluster.client(0).newSession();
    var text = ("word" + "\n".repeat(3000)).repeat(35);
    var healthy = cluster.client(0).turn(session, say(text));
    var turn = UUID.fromString(healthy.turnId());
    try (var atOwner = new SlowClient(cluster.gateway(0).getPort(), turn);
        var elsewhere = new SlowClient(cluster.gateway(1).getPort(), turn)) {
      assertThat(healthy.untilEnd().name()).isEqualTo("turn.completed");
      assertThat(healthy.text()).isEqualTo(text);

      for (var stalled : List.of(atOwner, elsewhere)) {
        stalled.untilCutOff().readToEnd();
        assertThat(stalled.names()).startsWith("turn.accepted").doesNotContain("turn.completed");
        var rest = cluster.client(1).follow(turn.toString(), stalled.lastEventId());
        assertThat(rest.untilEnd().name()).isEqualTo("turn.completed");
        assertThat(stalled.text() + rest.text()).isEqualTo(text);
      }
    }
  }

  private static int seq(String position) {
    return Integer.parseInt(position.substring(position.lastIndexOf('.') + 1));
  }

  private static boolean stoodAt(List<SseEvent> events, int seq) {
    return events.stream().anyMatch(event -> seq(event.lastEventId()) == seq);
  }

  private static String prefix(List<SseEvent> events, int seq) {
    var text = new StringBuilder();
    for (var event : events) {
      if (event.name().equals("delta") && seq(event.lastEventId()) <= seq) {
        text.append(EventStream.data(event).get("text").asText());
      }
    }
    return text.toString();
  }
}
