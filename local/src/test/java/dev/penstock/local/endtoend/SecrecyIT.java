package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.local.Services;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people say and what opens doors stays with those it is meant for: not a word of it in a log,
 * a meter, a span, or a problem that somebody else is told of, however a request goes wrong.
 */
class SecrecyIT {
  private static final String MODEL = "gemma3:270m";
  private static final String PROMPT = "mkPromptQ1x";
  private static final String ANSWER = "mkAnswerQ2x";
  private static final String INSTRUCTION = "mkInstructionQ3x";
  private static final String BEARER = "mkBearerQ4x";
  private static final String GOOGLE_KEY = "mkGoogleQ5x";
  private static final String QUERY_KEY = "mkQueryQ6x";
  private static final String OPENAI_KEY = "sk-mkOpenAiQ7x";
  private static final String METADATA = "mkMetadataQ8x";
  private static final String ARGUMENT = "mkArgumentQ9x";
  private static final String TITLE = "mkTitleQ10x";
  private static final String TOOL = "mkToolQ11x";
  private static final List<String> SECRETS =
      List.of(
          PROMPT,
          ANSWER,
          INSTRUCTION,
          BEARER,
          GOOGLE_KEY,
          QUERY_KEY,
          OPENAI_KEY,
          METADATA,
          ARGUMENT,
          TITLE,
          TOOL);

  private static final int MAX_BODY_BYTES = 8 * 1024;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private static final Metrics SIMULATOR_METRICS = new Metrics();
  private static final Vertx VERTX = SIMULATOR_METRICS.vertx();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static Overheard overheard;
  private static QuotingServer quoting;
  private static Collector collector;
  private static Cluster cluster;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    overheard = Overheard.listen();
    quoting = QuotingServer.start();
    collector = Collector.start();
    var simulator = simulator();
    var file = Files.writeString(folder.resolve("penstock.yaml"), configuration(simulator.port()));
    cluster =
        Cluster.start(
            Cluster.Shape.ONE_OF_EACH
                .with("PENSTOCK_CONFIG", file.toString())
                .with("GEMMA_MODEL_NAME", MODEL)
                .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
                .with("OTEL_BSP_SCHEDULE_DELAY", "50")
                .with("PENSTOCK_ADK_AUTO_CREATE_SESSION", "true")
                .with("PENSTOCK_FIRST_TOKEN_TIMEOUT_MS", "500")
                .with("PENSTOCK_MAX_BODY_BYTES", Integer.toString(MAX_BODY_BYTES)));
  }

  private static Service simulator() {
    var environment =
        Map.of("PORT", "0", "OLLAMA_NUM_PARALLEL", "4", "SIMULATOR_TOKENS_PER_SECOND", "500");
    var simulator = Services.simulator(new Environment(environment), SIMULATOR_METRICS);
    simulator.start(VERTX).toCompletionStage().toCompletableFuture().join();
    return simulator;
  }

  private static String configuration(int simulatorPort) {
    var text =
        new StringBuilder(
            """
            upstreams:
              - {name: simulator, kind: ollama, url: "http://127.0.0.1:%d", slots: 4}
              - {name: quoting, kind: openai, url: "%s", slots: 4}
            models:
            """
                .formatted(simulatorPort, quoting.url()));
    for (var model : QuotingServer.MODELS) {
      text.append("  - {name: %s, context_length: 8192, upstreams: [quoting]}\n".formatted(model));
    }
    return text.toString();
  }

  @AfterAll
  static void stop() {
    cluster.close();
    VERTX.close().toCompletionStage().toCompletableFuture().join();
    collector.close();
    quoting.close();
    overheard.close();
  }

  @Test
  void keepsWhatIsSaidAndWhatOpensDoorsOutOfLogsMetersSpansAndProblems() {
    var statuses = new ArrayList<Integer>();
    var models = new ArrayList<>(QuotingServer.MODELS);
    models.add(MODEL);
    for (var model : models) {
      for (var ask : everyDialect(model)) {
        statuses.add(send(ask).statusCode());
      }
    }
    broken().forEach(ask -> statuses.add(send(ask).statusCode()));

    assertThat(statuses).contains(200, 400, 413, 502, 504);
    var logs = overheard.text();
    assertThat(logs).contains("quoting answered 500 with", "quoting answered 400 with");
    collectorHasHeardOf("chat breaks", "chat hangs", "turn", "chat " + MODEL);
    var others = othersProblems();
    var metrics = cluster.metrics();
    assertThat(metrics).contains("penstock_trace_spans_waiting");
    for (var secret : SECRETS) {
      assertThat(logs).as("logs").doesNotContain(secret);
      assertThat(metrics).as("meters").doesNotContain(secret);
      assertThat(collector.text()).as("spans").doesNotContain(secret);
      assertThat(others).as("problems of others").doesNotContain(secret);
    }
  }

  private static void collectorHasHeardOf(String... names) {
    for (var name : names) {
      org.awaitility.Awaitility.await()
          .atMost(LIMIT)
          .until(() -> collector.text().contains("name: \"" + name + "\""));
    }
  }

  private record Ask(String path, String body, boolean stream) {}

  private static List<Ask> everyDialect(String model) {
    var said = "[say]" + ANSWER + " " + PROMPT;
    var session =
        idOf(
            send(
                new Ask(
                    "/v1/sessions",
                    """
                    {"title":"%s","instruction":"%s","model":"%s","metadata":{"k":"%s"}}\
                    """
                        .formatted(TITLE, INSTRUCTION, model, METADATA),
                    false)));
    var chat =
        """
        {"model":"%s","stream":%s,"messages":[{"role":"system","content":"%s"},\
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",\
        "function":{"name":"find","arguments":"{\\"q\\":\\"%s\\"}"}}]},\
        {"role":"tool","tool_call_id":"c1","content":"%s"},{"role":"user","content":"%s"}]}\
        """;
    var gemini =
        """
        {"systemInstruction":{"parts":[{"text":"%s"}]},\
        "contents":[{"role":"user","parts":[{"text":"%s"}]}]}\
        """
            .formatted(INSTRUCTION, said);
    var turns = "/v1/sessions/" + session + "/turns";
    var turn = "{\"input\":{\"text\":\"%s\"}}".formatted(said);
    return List.of(
        new Ask(turns, turn, true),
        new Ask(turns, turn, false),
        new Ask(
            "/v1/chat/completions",
            chat.formatted(model, true, INSTRUCTION, ARGUMENT, TOOL, said),
            true),
        new Ask(
            "/v1/chat/completions",
            chat.formatted(model, false, INSTRUCTION, ARGUMENT, TOOL, said),
            false),
        new Ask(
            "/v1/completions",
            "{\"model\":\"%s\",\"prompt\":\"%s\"}".formatted(model, said),
            false),
        new Ask(
            "/v1/embeddings", "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(model, said), false),
        new Ask(
            "/v1/responses",
            """
            {"model":"%s","input":"%s","instructions":"%s","metadata":{"k":"%s"}}\
            """
                .formatted(model, said, INSTRUCTION, METADATA),
            false),
        new Ask("/v1beta/models/" + model + ":generateContent?key=" + QUERY_KEY, gemini, false),
        new Ask(
            "/v1beta/models/" + model + ":streamGenerateContent?alt=sse&key=" + QUERY_KEY,
            gemini,
            true),
        new Ask(
            "/api/chat",
            """
            {"model":"%s","messages":[{"role":"system","content":"%s"},\
            {"role":"user","content":"%s"}]}\
            """
                .formatted(model, INSTRUCTION, said),
            true),
        new Ask(
            "/api/generate",
            "{\"model\":\"%s\",\"prompt\":\"%s\",\"stream\":false}".formatted(model, said),
            false),
        new Ask(
            "/run_sse",
            """
            {"appName":"production_agent","userId":"u","sessionId":"s-%s","streaming":true,\
            "newMessage":{"role":"user","parts":[{"text":"%s"}]}}\
            """
                .formatted(model.replace(':', '-'), said),
            true));
  }

  /** Bodies that are no JSON, that are too long, and that hold what nobody asked for. */
  private static List<Ask> broken() {
    var torn = "{\"model\":\"" + PROMPT + "\",\"messages\":[" + ARGUMENT;
    var unknown = "{\"%s\":\"%s\"}".formatted(PROMPT, METADATA);
    var long_ = "{\"input\":{\"text\":\"" + (PROMPT + " ").repeat(MAX_BODY_BYTES / 4) + "\"}}";
    var asks = new ArrayList<Ask>();
    for (var path :
        List.of(
            "/v1/sessions",
            "/v1/chat/completions",
            "/v1/completions",
            "/v1/responses",
            "/v1beta/models/" + MODEL + ":generateContent?key=" + QUERY_KEY,
            "/api/chat",
            "/api/generate",
            "/run_sse")) {
      for (var body : List.of(torn, unknown, long_)) {
        asks.add(new Ask(path, body, false));
      }
    }
    return asks;
  }

  /** What callers are told who have said nothing. */
  private static String othersProblems() {
    var told = new StringBuilder();
    for (var path : List.of("/v1/turns/x", "/v1/responses/resp_x", "/nowhere", "/api/show")) {
      var request =
          HttpRequest.newBuilder(cluster.gateway(0).resolve(path))
              .POST(BodyPublishers.ofString("{}"))
              .timeout(LIMIT)
              .build();
      told.append(sent(request).body());
    }
    return told.toString();
  }

  private static String idOf(HttpResponse<String> created) {
    return new io.vertx.core.json.JsonObject(created.body()).getString("id");
  }

  private static HttpResponse<String> send(Ask ask) {
    var request =
        HttpRequest.newBuilder(cluster.gateway(0).resolve(ask.path()))
            .header("Content-Type", "application/json")
            .header("Accept", ask.stream() ? "text/event-stream" : "application/json")
            .header(
                "Authorization",
                "Bearer " + (ask.path().startsWith("/v1/chat") ? OPENAI_KEY : BEARER))
            .header("x-goog-api-key", GOOGLE_KEY)
            .POST(BodyPublishers.ofString(ask.body()))
            .timeout(LIMIT)
            .build();
    return sent(request);
  }

  private static HttpResponse<String> sent(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(request.uri().getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
