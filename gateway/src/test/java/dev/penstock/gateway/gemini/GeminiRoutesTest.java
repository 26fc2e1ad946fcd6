package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** gemini-api.md sections 1, 4, 6 and 7 over HTTP, each exchange held against openapi.json. */
@Timeout(60)
class GeminiRoutesTest {
  private static final String ASK = "{\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}";
  private static final String MODEL = "/v1beta/models/gemma3:270m";
  private static final Timings NONE = new Timings(null, null, null, null, null);

  private static GatewayFixture gateway;
  private static Client client;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(Map.of("PENSTOCK_MAX_BODY_BYTES", "65536"));
    client = gateway.client();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void answersAtOnce() throws InterruptedException {
    gateway.proxy.answers(asked -> asked.says("Red ").says("pandas").finishes());
    while (gateway.proxy.unseen() > 0) {
      gateway.proxy.next();
    }
  }

  @Test
  void answersWithOneObject() throws Exception {
    var answer = client.post(MODEL + ":generateContent", ASK, "x-goog-api-key", "any");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
    assertThat(answer.body())
        .startsWith(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Red pandas\"}],"
                + "\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],"
                + "\"usageMetadata\":{\"promptTokenCount\":14,\"candidatesTokenCount\":2,"
                + "\"totalTokenCount\":16,\"promptTokensDetails\":"
                + "[{\"modality\":\"TEXT\",\"tokenCount\":14}]},"
                + "\"modelVersion\":\"gemma3:270m\",\"responseId\":\"");
    assertThat(gateway.proxy.next().request())
        .returns("gemma3:270m", request -> request.model())
        .returns(GenerationOptions.NONE, request -> request.options())
        .returns(290_000L, request -> request.deadlineMs());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models/gemma3:270m:generateContent",
        "/v1alpha/models/gemma3:270m:generateContent",
        "/v1beta1/models/gemma3%3A270m:generateContent",
        "/v1beta/models/models%2Fgemma3:270m:generateContent",
        "/v1beta/models/gemma3:270m:generateContent?key=k&prettyPrint=false&%24.xgafv=2",
        "/v1beta1/publishers/google/models/gemma3:270m:generateContent",
        "/v1/publishers/google/models/gemma3:270m:generateContent",
        "/v1/projects/p/locations/l/publishers/google/models/gemma3:270m:generateContent",
        "/v1beta1/projects/p/locations/l/publishers/google/models/gemma3:270m:generateContent"
      })
  void answersAtEveryPathOfItsClients(String path) throws Exception {
    assertThat(client.post(path, ASK).status()).isEqualTo(200);
    assertThat(gateway.proxy.next().request().model()).isEqualTo("gemma3:270m");
  }

  @Test
  void takesAModelWithASlash() throws Exception {
    assertThat(client.post("/v1beta/models/library/gemma4:e2b:generateContent", ASK).status())
        .isEqualTo(200);
    assertThat(gateway.proxy.next().request().model()).isEqualTo("library/gemma4:e2b");
  }

  @Test
  void tellsThoughtsCallsAndCounts() {
    gateway.proxy.answers(
        asked ->
            asked
                .tells(
                    new Thought("Hm."),
                    new Called(List.of(new ToolCall("call_1", "f", "{\"a\":1}"))),
                    new Finished(FinishReason.TOOL_CALLS, new Usage(9, 8, false, 4, 3), NONE))
                .ends());

    var answer = client.post(MODEL + ":generateContent", ASK).json();

    assertThat(answer.at("/candidates/0/content/parts").toString())
        .isEqualTo(
            "[{\"text\":\"Hm.\",\"thought\":true},"
                + "{\"functionCall\":{\"id\":\"call_1\",\"name\":\"f\",\"args\":{\"a\":1}}}]");
    assertThat(answer.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
    assertThat(answer.at("/usageMetadata/candidatesTokenCount").asInt()).isEqualTo(5);
    assertThat(answer.at("/usageMetadata/thoughtsTokenCount").asInt()).isEqualTo(3);
    assertThat(answer.at("/usageMetadata/cachedContentTokenCount").asInt()).isEqualTo(4);
    assertThat(answer.at("/usageMetadata/totalTokenCount").asInt()).isEqualTo(17);
  }

  @Test
  void leavesOutThePartsOfAnAnswerThatHoldsNothing() {
    gateway.proxy.answers(asked -> asked.finishes());

    var answer = client.post(MODEL + ":generateContent", ASK).json();

    assertThat(answer.at("/candidates/0/content").toString()).isEqualTo("{\"role\":\"model\"}");
  }

  @Test
  void saysThatThePromptWasBlocked() {
    gateway.proxy.answers(
        asked ->
            asked
                .tells(new Finished(FinishReason.CONTENT_FILTER, new Usage(9, 0, false), NONE))
                .ends());

    var answer = client.post(MODEL + ":generateContent", ASK).json();

    assertThat(answer.at("/promptFeedback/blockReason").asText()).isEqualTo("SAFETY");
    assertThat(answer.has("candidates")).isFalse();
  }

  /** Sections 3.4 and 3.5: what a model of ours would refuse is not asked of it. */
  @Test
  void asksNoThoughtsAndForcesNoCallsOfAModelThatCannot() throws Exception {
    client.post(
        MODEL + ":generateContent",
        """
        {"contents":[{"parts":[{"text":"Hello"}]}],
         "generationConfig":{"thinkingConfig":{"thinkingBudget":0,"includeThoughts":true}},
         "tools":[{"functionDeclarations":[{"name":"f"}]}],
         "toolConfig":{"functionCallingConfig":{"mode":"ANY"}}}
        """);

    var request = gateway.proxy.next().request();
    assertThat(request.options().think()).isNull();
    assertThat(request.form().thoughts()).isFalse();
    assertThat(request.form().toolChoice()).isEqualTo(ToolChoice.AUTO);
    assertThat(request.form().tools()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"7, 7000", "999999, 290000", "0, 290000", "soon, 290000"})
  void takesTheClientsTimeoutForADeadline(String seconds, long deadlineMs) throws Exception {
    client.post(MODEL + ":generateContent", ASK, "X-Server-Timeout", seconds);

    assertThat(gateway.proxy.next().request().deadlineMs()).isEqualTo(deadlineMs);
  }

  /** Section 6. */
  @Test
  void countsTokensByAGenerationOfOne() throws Exception {
    var count =
        client.post(
            MODEL + ":countTokens",
            "{\"generateContentRequest\":{\"model\":\"models/x\",\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}],\"systemInstruction\":{\"parts\":[{\"text\":\"Be"
                + " brief.\"}]}}}");

    assertThat(count.body())
        .isEqualTo(
            "{\"totalTokens\":14,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":14}]}");
    var request = gateway.proxy.next().request();
    assertThat(request.options()).isEqualTo(GenerationOptions.NONE.withMaxTokens(1));
    assertThat(request.messages()).hasSize(2);
  }

  @Test
  void listsModelsInPages() {
    var first = client.get("/v1beta/models?pageSize=1").json();
    var second =
        client.get("/v1beta/models?pageSize=1&pageToken=" + first.get("nextPageToken").asText());

    assertThat(first.at("/models/0").toString())
        .isEqualTo(
            "{\"name\":\"models/gemma3:270m\",\"baseModelId\":\"gemma3\",\"version\":\"270m\","
                + "\"displayName\":\"gemma3:270m\",\"description\":\"\",\"inputTokenLimit\":32768,"
                + "\"outputTokenLimit\":8192,\"supportedGenerationMethods\":[\"generateContent\","
                + "\"streamGenerateContent\",\"countTokens\"],\"maxTemperature\":2.0,"
                + "\"thinking\":false}");
    assertThat(second.json().at("/models/0/name").asText()).isEqualTo("models/library/gemma4:e2b");
    assertThat(second.json().has("nextPageToken")).isFalse();
    assertThat(client.get("/v1beta/models").json().get("models")).hasSize(2);
  }

  @Test
  void readsAModel() {
    assertThat(client.get(MODEL).json().get("name").asText()).isEqualTo("models/gemma3:270m");
    assertThat(client.get("/v1beta/models/library%2Fgemma4%3Ae2b").status()).isEqualTo(200);
    assertThat(client.get("/v1beta/models/nope").json().at("/error/status").asText())
        .isEqualTo("NOT_FOUND");
  }

  /** Section 1: of the paths that are OpenAI's too, what is plainly Gemini's. */
  @ParameterizedTest
  @CsvSource({"x-goog-api-key, ''", "x-goog-api-client, ''", "X-Other, ?key=k"})
  void sharesTheModelsOfV1WithOpenAi(String header, String query) {
    var list = client.get("/v1/models" + query, header, "any").json();
    var model = client.get("/v1/models/gemma3:270m" + query, header, "any").json();
    var missing = client.get("/v1/models/nope" + query, header, "any");

    assertThat(list.at("/models/0/name").asText()).isEqualTo("models/gemma3:270m");
    assertThat(model.get("name").asText()).isEqualTo("models/gemma3:270m");
    assertThat(missing.json().at("/error/status").asText()).isEqualTo("NOT_FOUND");
    assertThat(client.get("/v1/models").json().get("object").asText()).isEqualTo("list");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /v1beta/models/gemma3:270m:embedContent | 501 | UNIMPLEMENTED",
        "POST | /v1beta/models/gemma3:270m:batchEmbedContents | 501 | UNIMPLEMENTED",
        "POST | /v1beta/models/gemma3:270m:generateAnswer | 501 | UNIMPLEMENTED",
        "POST | /v1/models/gemma3:270m:embedContent | 501 | UNIMPLEMENTED",
        "POST | /v1beta/models/gemma3:270m:explain | 404 | NOT_FOUND",
        "POST | /v1beta/models/gemma3:270m | 404 | NOT_FOUND",
        "POST | /v1beta/models | 404 | NOT_FOUND",
        "POST | /v1beta/tunedModels/x:generateContent | 404 | NOT_FOUND",
        "POST | /v1beta/dynamic/x:generateContent | 404 | NOT_FOUND",
        "GET | /v1beta/files | 404 | NOT_FOUND",
        "GET | /v1beta/cachedContents | 404 | NOT_FOUND",
        "GET | /v1beta | 404 | NOT_FOUND",
        "DELETE | /v1beta/models/gemma3:270m | 404 | NOT_FOUND",
        "GET | /v1beta/models?pageSize=x | 400 | INVALID_ARGUMENT",
        "GET | /v1beta/models?pageToken=x | 400 | INVALID_ARGUMENT",
        "POST | /v1beta/models/gemma3:270m:streamGenerateContent?alt=proto | 400 |"
            + " INVALID_ARGUMENT",
      })
  void refusesWhatIsNotThereInItsOwnForm(String method, String path, int http, String status) {
    var refused = client.call(method, path, method.equals("POST") ? ASK : null);

    assertThat(refused.status()).isEqualTo(http);
    assertThat(refused.json().at("/error/code").asInt()).isEqualTo(http);
    assertThat(refused.json().at("/error/status").asText()).isEqualTo(status);
    assertThat(gateway.proxy.unseen()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"contents\":[]}",
        "{\"contents\":[{\"parts\":[{\"text\":7}]}]}",
        "{\"contents\":[{\"parts\":[{\"text\":\"a\",\"text\":\"b\"}]}]}"
      })
  void refusesABadBodyAsAnInvalidArgument(String body) {
    for (var method : List.of("generateContent", "streamGenerateContent", "countTokens")) {
      var refused = client.post(MODEL + ":" + method, body);

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
      assertThat(refused.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
    }
    assertThat(gateway.proxy.unseen()).isZero();
  }

  @Test
  void refusesABodyThatIsTooLongOrNoJson() {
    var tooLong = client.post(MODEL + ":generateContent", ASK.replace("Hello", "x".repeat(70_000)));
    var form =
        client.post(
            MODEL + ":generateContent", ASK, "Content-Type", "application/x-www-form-urlencoded");

    assertThat(tooLong.status()).isEqualTo(400);
    assertThat(tooLong.json().at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
    assertThat(form.json().at("/error/status").asText()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void tellsHowToTryAgainWhenItSheds() {
    gateway.proxy.answers(asked -> asked.refuses(429, "queue_full", 1_200L));

    var refused = client.post(MODEL + ":generateContent", ASK);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("2");
    assertThat(refused.json().at("/error/message").asText()).endsWith("Please retry in 2s.");
    assertThat(refused.json().at("/error/details/0/retryDelay").asText()).isEqualTo("2s");
  }
}
