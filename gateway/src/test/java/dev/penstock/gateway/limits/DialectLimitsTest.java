package dev.penstock.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.inference.FakeProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each dialect's client hears of a limit, through a whole gateway that limits its tenant. */
@Timeout(60)
class DialectLimitsTest {
  private static final String CHAT =
      "{\"model\":\"gemma3:270m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final String GENERATE = "{\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private static Path folder;

  private static GatewayFixture gateway;
  private static Client client;

  private CompletableFuture<HttpResponse<String>> holder;
  private FakeProxy.Asked held;

  @BeforeAll
  static void start() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("penstock.yaml"),
            "tenants:\n  default: {rpm: 60000, tpm: 600000, streams: 1, output_tokens: 100,"
                + " body_bytes: 2000}\n");
    gateway =
        new GatewayFixture(
            Map.of(
                "PENSTOCK_CONFIG",
                file.toString(),
                "PENSTOCK_USE_FLUSH_MS",
                "100",
                "GEMMA_MODEL_NAME",
                "gemma3:270m"));
    client = gateway.client();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /** The tenant's one stream is in use. */
  @BeforeEach
  void holdTheOnlyStream() throws Exception {
    gateway.proxy.answers(asked -> asked.tells(new GenerationEvent.Started("a", "gemma3:270m")));
    while (gateway.proxy.unseen() > 0) {
      gateway.proxy.next();
    }
    holder = HTTP.sendAsync(chat(), HttpResponse.BodyHandlers.ofString());
    held = gateway.proxy.next();
  }

  @AfterEach
  void letGo() {
    held.says("Blue.").finishes();
    holder.join();
  }

  @Test
  void tellsAnOpenAiClientWhenToComeBackAndWhatIsLeft() {
    var answer = client.post("/v1/chat/completions", CHAT);

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("rate_limit_error");
    assertThat(answer.json().at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(answer.json().at("/error/message").asText())
        .isEqualTo("This tenant's answers at once are used up; try again later.");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.header("retry-after-ms")).isEqualTo("1000");
    assertThat(answer.header("x-should-retry")).isEqualTo("true");
    assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("60000");
    assertThat(answer.header("x-ratelimit-limit-tokens")).isEqualTo("600000");
    assertThat(answer.header("x-ratelimit-remaining-requests")).matches("\\d+");
    assertThat(answer.header("x-ratelimit-remaining-tokens")).matches("\\d+");
    assertThat(answer.header("x-ratelimit-reset-requests")).matches("\\d+(ms|s)");
    assertThat(answer.header("x-ratelimit-reset-tokens")).matches("\\d+(ms|s)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/completions | {"model":"gemma3:270m","prompt":"a"}
          /v1/chat/completions | {"model":"gemma3:270m","stream":true,"messages":[{"role":"user","content":"a"}]}
          /v1/responses | {"model":"gemma3:270m","input":"a"}
          /v1/responses | {"model":"gemma3:270m","input":"a","store":false}
          /v1/embeddings | {"model":"gemma3:270m","input":"a"}
          """)
  void refusesEveryCallOfOpenAisAlike(String path, String body) {
    var answer = client.post(path, body);

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json().at("/error/code").asText()).isEqualTo("rate_limit_exceeded");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("60000");
  }

  @ParameterizedTest
  @CsvSource({"generateContent", "streamGenerateContent?alt=sse", "countTokens"})
  void tellsAGeminiClientInDetailsAndInWords(String method) {
    var answer = client.post("/v1beta/models/gemma3:270m:" + method, GENERATE);

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json().at("/error/status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(answer.json().at("/error/message").asText()).endsWith("Please retry in 1s.");
    assertThat(answer.json().at("/error/details/0/@type").asText())
        .isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
    assertThat(answer.json().at("/error/details/0/retryDelay").asText()).isEqualTo("1s");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.headers().map()).doesNotContainKey("x-ratelimit-limit-requests");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/chat | {"model":"gemma3:270m","messages":[{"role":"user","content":"a"}]}
          /api/generate | {"model":"gemma3:270m","prompt":"a"}
          /api/embed | {"model":"gemma3:270m","input":"a"}
          """)
  void tellsAnOllamaClientInItsWords(String path, String body) {
    var answer = client.post(path, body);

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json().path("error").asText())
        .isEqualTo("This tenant's answers at once are used up; try again later.");
    assertThat(answer.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void refusesANativeTurnBeforeAnythingIsStored() {
    var session = gateway.store.add("t").id();
    gateway.store.asked().clear();

    var answer =
        client.post("/v1/sessions/" + session + "/turns", "{\"input\":{\"text\":\"Hello\"}}");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.code()).isEqualTo("rate_limited");
    assertThat(answer.json().path("retry_after_ms").asInt()).isEqualTo(1000);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("60000");
    assertThat(gateway.store.asked()).noneMatch(asked -> asked.uri().equals("/turns"));
  }

  @ParameterizedTest
  @CsvSource({"/run", "/run_sse"})
  void refusesAnAdkRunBeforeItsStream(String path) {
    var answer =
        client.post(
            path,
            "{\"appName\":\"production_agent\",\"userId\":\"u\",\"sessionId\":\"s\","
                + "\"newMessage\":{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}}");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(gateway.store.asked()).noneMatch(asked -> asked.uri().equals("/turns"));
  }

  @Test
  void asksForNoLongerAnswerThanAllowedAndTellsWhatIsLeftOfEachAnswer() throws Exception {
    letGo();
    gateway.proxy.answers(asked -> asked.says("Blue.").finishes());

    var answer = client.post("/v1/chat/completions", CHAT);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-ratelimit-limit-requests")).isEqualTo("60000");
    assertThat(gateway.proxy.next().request())
        .extracting(GenerationRequest::options)
        .returns(100, options -> options.maxTokens());
    holdTheOnlyStream();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions, 413",
    "/v1/responses, 413",
    "/v1beta/models/gemma3:270m:generateContent, 400",
    "/api/chat, 413",
    "/v1/sessions, 413",
    "/run, 413"
  })
  void readsNoLongerBodyThanTheCallerMaySend(String path, int status) {
    assertThat(client.post(path, "{\"x\":\"" + "y".repeat(2_000) + "\"}").status())
        .isEqualTo(status);
  }

  @Test
  void reportsUseByKeyAndDay() throws Exception {
    client.post("/v1/chat/completions", CHAT);
    letGo();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              var sum =
                  gateway.store.keyUse().stream()
                      .flatMap(batch -> batch.uses().stream())
                      .map(KeyUse.OfTenant::use)
                      .reduce(KeyUse::plus)
                      .orElseThrow();
              assertThat(sum.key()).isNull();
              assertThat(sum.requests()).isPositive();
              assertThat(sum.inputTokens()).isEqualTo(14 * sum.requests());
              assertThat(sum.outputTokens()).isEqualTo(2 * sum.requests());
              // 1 ms over the prompt and 3 over the answer, as the proxy says.
              assertThat(sum.gpuMs()).isEqualTo(4 * sum.requests());
              assertThat(sum.refused()).isPositive();
            });
    assertThat(gateway.metrics().scrape()).contains("chat_limited_total{limit=\"streams\"}");
    holdTheOnlyStream();
  }

  @Test
  void givesTheStreamBackWhenItsClientLeaves() throws Exception {
    holder.cancel(true);
    held.closedAt();
    gateway.proxy.answers(asked -> asked.says("Blue.").finishes());

    assertThat(client.post("/v1/chat/completions", CHAT).status()).isEqualTo(200);
    gateway.proxy.next();
    holdTheOnlyStream();
  }

  private static HttpRequest chat() {
    return HttpRequest.newBuilder(URI.create(gateway.address() + "/v1/chat/completions"))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(CHAT))
        .build();
  }
}
