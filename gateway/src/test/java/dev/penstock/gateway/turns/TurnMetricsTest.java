package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.failure.FailureCode;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is measured of stored turns and their readers. */
class TurnMetricsTest {
  private static final String NATIVE = "chat_dialect=\"native\"";
  private static final String GATEWAY = "service=\"gateway\"";

  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();
  private final GatewayDriver gateway = GatewayDriver.start(vertx, store);
  private final UUID session = UUID.randomUUID();

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  @Test
  void tellsHowLongAWholeTurnTook() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("a", "b", "c");
    reader.awaitText("abc");
    model.finished();
    reader.end();

    becomes("gen_ai_server_request_duration_seconds_count", 1, NATIVE, "error_type=\"\"");
    becomes("gen_ai_server_time_to_first_token_seconds_count", 1, NATIVE);
    becomes("gen_ai_server_time_per_output_token_seconds_count", 1, NATIVE);
    becomes("chat_stream_end_total", 1, GATEWAY, "outcome=\"complete\"");
    becomes("chat_overhead_seconds_count", 1, GATEWAY, "phase=\"first_byte\"");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> gateway.metric("chat_stream_frames_total", "dialect=\"native\"") >= 2);
    assertThat(gateway.metric("chat_stream_end_total", GATEWAY)).isEqualTo(1);
    becomes("chat_streams_active", 0);
  }

  @Test
  void tellsATurnThatIsGeneratedForNobody() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("a");
    reader.awaitText("a");
    becomes("chat_streams_active", 1, "dialect=\"native\"", "state=\"flowing\"");

    reader.leave();

    becomes("chat_streams_active", 1, "dialect=\"native\"", "state=\"detached\"");
    becomes("chat_streams_active", 0, "state=\"flowing\"");
    model.finished();
    becomes("chat_streams_active", 0);
  }

  @Test
  void timesACancelFromTheClientsAct() throws Exception {
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("a");
    reader.awaitText("a");

    post("/v1/turns/" + reader.turn() + "/cancel");

    becomes("chat_cancel_seconds_count", 1, "phase=\"decode\"", "reason=\"explicit\"");
    becomes("chat_stream_end_total", 1, "outcome=\"client_cancel\"");
    becomes("gen_ai_server_request_duration_seconds_count", 1, "error_type=\"cancelled\"");
    assertThat(gateway.metric("gen_ai_server_time_to_first_token_seconds_count")).isZero();
  }

  @Test
  void tellsWhatAResumedReaderGot() throws Exception {
    var reader = gateway.stream(session, "Hi");
    var model = gateway.generator().next().started().delta("a", "b", "c");
    reader.awaitText("abc");

    var live = EventClient.get(gateway.eventsOf(reader.turn()), reader.turn() + ".1.1");
    live.awaitText("bc");
    becomes("chat_resume_total", 1, "result=\"live\"");
    becomes("chat_resume_replayed_events_sum", 2);
    model.finished();
    live.end();
    EventClient.get(gateway.eventsOf(reader.turn()), reader.turn() + ".1.2").end();
    becomes("chat_resume_total", 1, "result=\"replay_only\"");
    EventClient.get(gateway.eventsOf(reader.turn()), reader.turn() + ".9.2").end();
    becomes("chat_resume_total", 1, "result=\"gap\"");
    becomes("chat_resume_total", 3);
  }

  /** A refusal is an error and no stream. */
  @Test
  void countsARefusalAtTheDoorAsNoStream() throws Exception {
    var refused = gateway.stream(session, "Hi");
    gateway.generator().next().failed(FailureCode.QUEUE_FULL);

    assertThat(refused.status()).isEqualTo(429);
    becomes("gen_ai_server_request_duration_seconds_count", 1, "error_type=\"queue_full\"");
    assertThat(gateway.metric("chat_stream_end_total")).isZero();
  }

  @Test
  void tellsAStreamThatLostItsEnd() throws Exception {
    var reader = gateway.stream(session, "Hi");
    gateway.generator().next().started().delta("a").failed(FailureCode.UPSTREAM_TRUNCATED);
    reader.end();

    becomes("chat_stream_end_total", 1, "outcome=\"truncated\"");
    becomes("gen_ai_server_request_duration_seconds_count", 1, "error_type=\"backend_truncated\"");
  }

  private void post(String path) throws Exception {
    var request =
        HttpRequest.newBuilder(java.net.URI.create(gateway.url(path)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try (var client = java.net.http.HttpClient.newHttpClient()) {
      client.send(request, HttpResponse.BodyHandlers.discarding());
    }
  }

  private void becomes(String name, double value, String... labels) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(gateway.metric(name, labels)).as(name).isEqualTo(value));
  }
}
