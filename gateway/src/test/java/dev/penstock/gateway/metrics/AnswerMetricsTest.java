package dev.penstock.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.gateway.GatewayFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is measured of stateless answers, over a whole gateway. */
class AnswerMetricsTest {
  private static final String CHAT =
      "{\"model\":\"gemma3:270m\",\"stream\":%s,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"tell me of axolotls\"}]}";

  private final GatewayFixture gateway = new GatewayFixture();

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void measuresAStreamFromItsRequestToItsEnd() throws Exception {
    answersInTwoPieces();

    var answer = post("/v1/chat/completions", CHAT.formatted(true));

    assertThat(answer.body()).contains("[DONE]");
    var labels =
        new String[] {
          "chat_dialect=\"openai_chat\"",
          "chat_stream=\"true\"",
          "gen_ai_operation_name=\"chat\"",
          "gen_ai_request_model=\"gemma3:270m\"",
          "gen_ai_response_model=\"gemma3:270m\""
        };
    becomes("gen_ai_server_request_duration_seconds_count", 1, labels);
    becomes("gen_ai_server_time_to_first_token_seconds_count", 1, labels);
    becomes("chat_stream_end_total", 1, "service=\"gateway\"", "outcome=\"complete\"");
    becomes("chat_overhead_seconds_count", 1, "gateway", "phase=\"request_headers\"");
    becomes("chat_overhead_seconds_count", 1, "gateway", "phase=\"first_byte\"");
    becomes("chat_streams_active", 0);
    assertThat(page()).doesNotContain("axolotl").doesNotContain("zebrafinch");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, true, openai_chat",
    "/v1/chat/completions, false, openai_chat",
    "/api/chat, true, ollama"
  })
  void tellsProtocolsApart(String path, boolean stream, String dialect) throws Exception {
    answersInTwoPieces();

    assertThat(post(path, CHAT.formatted(stream)).statusCode()).isEqualTo(200);

    becomes(
        "gen_ai_server_request_duration_seconds_count",
        1,
        "chat_dialect=\"" + dialect + "\"",
        "chat_stream=\"" + stream + "\"");
    becomes("gen_ai_server_request_duration_seconds_count", 1);
  }

  /** The exact headers of an Ollama are part of its protocol; others get ours. */
  @Test
  void tellsWhatItAddedInAHeader() throws Exception {
    answersInTwoPieces();

    for (var stream : new boolean[] {true, false}) {
      var told =
          post("/v1/chat/completions", CHAT.formatted(stream))
              .headers()
              .firstValue("x-chat-overhead-ms");
      assertThat(told).hasValueSatisfying(ms -> assertThat(Double.parseDouble(ms)).isPositive());
      assertThat(post("/api/chat", CHAT.formatted(stream)).headers().map())
          .doesNotContainKey("x-chat-overhead-ms");
    }
  }

  /** What the model takes between its first token and its last is no time of ours. */
  @Test
  void countsNoTimeOfTheModelAsItsOwn() throws Exception {
    var model = Duration.ofMillis(300);
    gateway.proxy.answers(
        asked -> {
          asked.tells(new GenerationEvent.Started("u", "gemma3:270m")).says("Bam");
          CompletableFuture.delayedExecutor(model.toMillis(), TimeUnit.MILLISECONDS)
              .execute(asked::finishes);
        });
    var began = System.nanoTime();

    var answer = post("/v1/chat/completions", CHAT.formatted(false));

    var others = Duration.ofNanos(System.nanoTime() - began).minus(model).toNanos() / 1e6;
    var told = answer.headers().firstValue("x-chat-overhead-ms").orElseThrow();
    assertThat(Double.parseDouble(told)).isPositive().isLessThan(others);
  }

  @Test
  void countsAClientThatLeavesAsGoneAndNotAsAFailure() throws Exception {
    gateway.proxy.answers(
        asked -> asked.tells(new GenerationEvent.Started("u", "gemma3:270m")).says("Bam"));

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      var body = CHAT.formatted(true);
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                      + "Content-Type: application/json\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.US_ASCII));
      becomes("chat_streams_active", 1, "dialect=\"openai_chat\"", "state=\"flowing\"");
      assertThat(socket.getInputStream().read()).isPositive();
    }

    becomes("chat_stream_end_total", 1, "outcome=\"client_gone\"");
    becomes("chat_cancel_seconds_count", 1, "phase=\"decode\"", "reason=\"disconnect\"");
    becomes("gen_ai_server_request_duration_seconds_count", 1, "error_type=\"client_disconnect\"");
    becomes("chat_streams_active", 0);
    assertThat(value("chat_stream_end_total")).isEqualTo(1);
  }

  @Test
  void countsARefusalAsAnErrorAndNoStream() throws Exception {
    gateway.proxy.answers(asked -> asked.refuses(429, "queue_full", 1000L));

    assertThat(post("/v1/chat/completions", CHAT.formatted(true)).statusCode()).isEqualTo(429);

    becomes("gen_ai_server_request_duration_seconds_count", 1, "error_type=\"queue_full\"");
    assertThat(value("chat_stream_end_total")).isZero();
    becomes("chat_streams_active", 0);
  }

  @Test
  void timesRequestsByRouteAndStatus() throws Exception {
    answersInTwoPieces();
    post("/v1/chat/completions", CHAT.formatted(true));
    gateway.client().get("/v1/sessions");

    becomes(
        "http_server_request_duration_seconds_count",
        1,
        "http_route=\"/v1/chat/completions\"",
        "stream=\"true\"",
        "http_response_status_code=\"200\"");
    becomes(
        "http_server_request_duration_seconds_count",
        1,
        "http_route=\"/v1/sessions\"",
        "stream=\"false\"",
        "http_request_method=\"GET\"");
  }

  private void answersInTwoPieces() {
    gateway.proxy.answers(
        asked ->
            asked
                .tells(new GenerationEvent.Started("ollama-1", "gemma3:270m"))
                .says("zebra")
                .says("finch")
                .finishes());
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private void becomes(String name, double expected, String... labels) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(value(name, labels)).as(name).isEqualTo(expected));
  }

  private double value(String name, String... labels) {
    return page()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String page() {
    return gateway.metrics().scrape();
  }
}
