package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a trace shows, sent by two of each service to a collector that speaks OTLP. */
class TracesIT {
  private static final String MODEL = "gemma3:270m";
  private static final String BROKEN_MODEL = "gemma3:4b";
  private static final String CLIENT_SPAN = "00f067aa0ba902b7";
  private static final String TURNS = "POST /v1/sessions/:session/turns";
  private static final String EVENTS = "GET /v1/turns/:turn/events";

  private static Collector collector;
  private static Cluster cluster;

  @BeforeAll
  static void start() throws IOException {
    collector = Collector.start();
    cluster =
        Cluster.start(
            Cluster.Shape.TWO_OF_EACH
                .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
                .with("OTEL_BSP_SCHEDULE_DELAY", "50")
                .with("GEMMA_MODEL_NAME", MODEL)
                .with(
                    "SIMULATOR_FAULTS",
                    "[{\"kind\":\"error\",\"after_tokens\":3,\"model\":\""
                        + BROKEN_MODEL
                        + "\"}]"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    collector.close();
  }

  @Test
  void showsATurnAsOneTraceThroughEveryService() {
    var trace = newTrace();
    var session = cluster.client(0).newSession();

    var stream = cluster.client(0).turn(session, ask(20), "traceparent", sampled(trace));
    stream.untilEnd();

    assertThat(stream.header("x-trace-id")).isEqualTo(trace);
    var request = collector.await(trace, "gateway", TURNS);
    var turn = collector.await(trace, "gateway", "turn");
    var accepting = collector.await(trace, "gateway", "POST /turns");
    var accepted = collector.await(trace, "session-service", "POST /turns");
    var asking = collector.await(trace, "gateway", "POST /generations");
    var asked = collector.await(trace, "inference-proxy", "POST /generations");
    var generation = collector.await(trace, "inference-proxy", "chat " + MODEL);
    var model = collector.await(trace, "simulator", "POST /api/chat");
    var finishing = collector.await(trace, "gateway", "POST /turns/{id}/finish");
    var finished = collector.await(trace, "session-service", "POST /turns/:id/finish");
    assertThat(request.parent()).isEqualTo(CLIENT_SPAN);
    assertThat(turn.parent()).isEqualTo(request.id());
    assertThat(accepting.parent()).isEqualTo(turn.id());
    assertThat(accepted.parent()).isEqualTo(accepting.id());
    assertThat(asking.parent()).isEqualTo(turn.id());
    assertThat(asked.parent()).isEqualTo(asking.id());
    assertThat(generation.parent()).isEqualTo(asked.id());
    assertThat(model.parent()).isEqualTo(generation.id());
    assertThat(finishing.parent()).isEqualTo(turn.id());
    assertThat(finished.parent()).isEqualTo(finishing.id());
    assertThat(collector.of(trace)).noneMatch(Collector.Traced::isError);
    assertThat(request.attribute("http.response.status_code")).isEqualTo("200");
    assertThat(turn.events()).containsSubsequence("first_token", "generated");
    assertThat(turn.attribute("penstock.turn.state")).isEqualTo("completed");
    assertThat(turn.attribute("gen_ai.conversation.id")).isEqualTo(session);
  }

  @Test
  void tellsOfAGenerationWhatTheConventionNames() {
    var trace = newTrace();
    var body =
        "{\"model\":\"%s\",\"temperature\":0.5,\"seed\":7,\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"Say it. [tokens=12]\"}]}"
            .formatted(MODEL);

    cluster.client(0).call("POST", "/v1/chat/completions", body, "traceparent", sampled(trace));

    var span = collector.await(trace, "inference-proxy", "chat " + MODEL);
    assertThat(span.attribute("gen_ai.operation.name")).isEqualTo("chat");
    assertThat(span.attribute("gen_ai.provider.name")).isEqualTo("ollama");
    assertThat(span.attribute("gen_ai.request.model")).isEqualTo(MODEL);
    assertThat(span.attribute("gen_ai.response.model")).isEqualTo(MODEL);
    assertThat(span.attribute("gen_ai.request.temperature")).isEqualTo("0.5");
    assertThat(span.attribute("gen_ai.request.seed")).isEqualTo("7");
    assertThat(span.attribute("gen_ai.request.max_tokens")).isEqualTo("50");
    assertThat(span.attribute("gen_ai.response.finish_reasons")).isEqualTo("[stop]");
    assertThat(span.attribute("gen_ai.usage.output_tokens")).isEqualTo("12");
    assertThat(span.attribute("gen_ai.response.time_to_first_chunk")).isNotEmpty();
    assertThat(span.attribute("penstock.queue.duration")).isNotEmpty();
    assertThat(span.attribute("server.address")).isEqualTo("127.0.0.1");
    assertThat(span.events()).contains("first_token");
    assertThat(span.attribute("gen_ai.input.messages")).as("content is off").isEmpty();
    assertThat(span.attribute("gen_ai.output.messages")).as("content is off").isEmpty();
  }

  @Test
  void tiesAReaderThatComesBackToItsTurnOnEveryGateway() {
    var begun = newTrace();
    var session = cluster.client(0).newSession();
    var first = cluster.client(0).turn(session, ask(300), "traceparent", sampled(begun));
    first.untilText(20);
    var turnId = first.turnId();
    var position = first.position();
    first.close();
    var owners = newTrace();
    var others = newTrace();

    cluster.client(0).follow(turnId, position, "traceparent", sampled(owners)).untilEnd();
    cluster.client(1).follow(turnId, position, "traceparent", sampled(others)).untilEnd();

    var turn = collector.await(begun, "gateway", "turn");
    assertThat(turn.events()).containsSubsequence("client_gone", "client_resumed");
    assertThat(collector.await(begun, "gateway", TURNS).events()).contains("client_gone");
    assertThat(collector.await(owners, "gateway", EVENTS).links()).containsExactly(turn.id());
    assertThat(collector.await(others, "gateway", EVENTS).links()).containsExactly(turn.id());
    assertThat(collector.await(owners, "gateway", EVENTS).parent()).isEqualTo(CLIENT_SPAN);
  }

  @Test
  void exportsNothingOfARequestThatIsNotSampled() {
    var unsampled = newTrace();
    var sampled = newTrace();
    var session = cluster.client(0).newSession();

    var silent = cluster.client(0).turn(session, ask(10), "traceparent", flagged(unsampled, "00"));
    silent.untilEnd();
    cluster.client(0).turn(session, ask(10), "traceparent", sampled(sampled)).untilEnd();

    assertThat(silent.header("x-trace-id")).isEmpty();
    collector.await(sampled, "session-service", "POST /turns/:id/finish");
    collector.await(sampled, "simulator", "POST /api/chat");
    assertThat(collector.of(unsampled)).isEmpty();
  }

  /** A client that leaves is no failure of ours. */
  @Test
  void showsThatAClientLeftWithoutCallingItAnError() {
    var trace = newTrace();
    var body =
        "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Go on. [tokens=5000]\"}]}"
            .formatted(MODEL);
    var stream =
        cluster.client(0).stream(
            "POST", "/v1/chat/completions", body, "traceparent", sampled(trace));
    stream.next();
    stream.next();
    stream.close();

    var generation = collector.await(trace, "inference-proxy", "chat " + MODEL);
    assertThat(generation.events())
        .containsSubsequence("first_token", "client_gone", "upstream_aborted");
    assertThat(generation.isError()).isFalse();
    assertThat(collector.await(trace, "gateway", "POST /v1/chat/completions").events())
        .contains("client_gone");
    assertThat(collector.of(trace)).noneMatch(Collector.Traced::isError);
  }

  @Test
  void showsACancelledTurnAsCancelled() {
    var trace = newTrace();
    var session = cluster.client(0).newSession();
    var stream = cluster.client(0).turn(session, ask(5000), "traceparent", sampled(trace));
    stream.untilText(20);
    cluster.client(0).call("POST", "/v1/turns/" + stream.turnId() + "/cancel", "{}");
    stream.untilEnd();

    var turn = collector.await(trace, "gateway", "turn");
    assertThat(turn.attribute("penstock.turn.state")).isEqualTo("cancelled");
    assertThat(turn.isError()).isFalse();
    assertThat(collector.await(trace, "inference-proxy", "chat " + MODEL).events())
        .contains("upstream_aborted");
  }

  @Test
  void saysInFewWordsWhatBroke() {
    var trace = newTrace();
    var session = cluster.client(0).newSession();
    var stream =
        cluster
            .client(0)
            .turn(
                session,
                ask(20, "\"model\":\"" + BROKEN_MODEL + "\""),
                "traceparent",
                sampled(trace));
    stream.untilEnd();

    var generation = collector.await(trace, "inference-proxy", "chat " + BROKEN_MODEL);
    assertThat(generation.isError()).isTrue();
    assertThat(generation.attribute("error.type")).isEqualTo("backend_status_5xx");
    var turn = collector.await(trace, "gateway", "turn");
    assertThat(turn.isError()).isTrue();
    assertThat(turn.attribute("error.type")).isEqualTo("backend_status_5xx");
  }

  @Test
  void namesTheRouteOfARequestThatFailed() {
    var trace = newTrace();

    cluster.client(0).get("/v1/turns/nonsense", "traceparent", sampled(trace));

    var span = collector.await(trace, "gateway", "GET /v1/turns/:turn");
    assertThat(span.attribute("http.response.status_code")).isEqualTo("400");
    assertThat(span.isError()).isFalse();
  }

  private static String newTrace() {
    var bytes = new byte[16];
    ThreadLocalRandom.current().nextBytes(bytes);
    bytes[0] |= 1;
    return HexFormat.of().formatHex(bytes);
  }

  private static String sampled(String trace) {
    return flagged(trace, "01");
  }

  private static String flagged(String trace, String flags) {
    return "00-" + trace + "-" + CLIENT_SPAN + "-" + flags;
  }
}
