package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.inference.FakeProxy;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** openai-api.md sections 1, 2 and 4 to 8 through the whole gateway, against its own document. */
class OpenAiRoutesTest {
  private static final String TOOLS =
      "'tools':[{'type':'function','function':{'name':'weather','parameters':{'type':'object'}}}]";
  private static GatewayFixture gateway;
  private static Client client;
  private static FakeProxy proxy;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    client = gateway.client();
    proxy = gateway.proxy;
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void answersBlue() throws InterruptedException {
    while (proxy.unseen() > 0) {
      proxy.next();
    }
    proxy.answers(asked -> asked.says("Blue.").finishes());
  }

  @Test
  void answersTheOlderCompletions() throws InterruptedException {
    var answer = client.post("/v1/completions", json("'prompt':'The sky is'"));

    assertThat(answer.json().at("/choices/0/text").asText()).isEqualTo("Blue.");
    assertThat(answer.json().at("/id").asText()).startsWith("cmpl-");
    var asked = proxy.next().request();
    assertThat(asked.messages().getFirst().text()).isEqualTo("The sky is");
    assertThat(asked.options().maxTokens()).isEqualTo(16);
  }

  @Test
  void streamsTheOlderCompletions() {
    var answer =
        client.post(
            "/v1/completions",
            json("'prompt':'a','stream':true,'stream_options':{'include_usage':true}"));

    assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(answer.body())
        .contains("\"text\":\"Blue.\"", "\"choices\":[],\"usage\":{\"prompt_tokens\":14,")
        .endsWith("data: [DONE]\n\n");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void passesToolsOnAndTheirCallsBack(boolean stream) throws InterruptedException {
    proxy.answers(
        asked ->
            asked
                .tells(
                    new GenerationEvent.Called(
                        List.of(new ToolCall("call_1", "weather", "{\"city\":\"Köln\"}"))),
                    finished(FinishReason.TOOL_CALLS))
                .ends());

    var answer = client.post("/v1/chat/completions", chat(TOOLS + ",'stream':" + stream));

    assertThat(answer.body())
        .contains("\"id\":\"call_1\",\"type\":\"function\"", "\"finish_reason\":\"tool_calls\"");
    assertThat(proxy.next().request().form().tools().getFirst().name()).isEqualTo("weather");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsProbabilitiesAndThoughtsWhereAsked(boolean stream) throws InterruptedException {
    var token = new TokenLogprob("Blue.", -0.5, List.of(66), List.of());
    proxy.answers(
        asked ->
            asked
                .tells(
                    new GenerationEvent.Thought("Hm"),
                    new GenerationEvent.Scored("Blue.", List.of(token)),
                    finished(FinishReason.STOP))
                .ends());

    var answer =
        client.post(
            "/v1/chat/completions",
            chat(
                "'logprobs':true,'top_logprobs':2,'include_reasoning':true,"
                    + "'response_format':{'type':'json_object'},'stream':"
                    + stream));

    assertThat(answer.body())
        .contains("\"reasoning\":\"Hm\"", "\"logprob\":-0.5", "\"content\":\"Blue.\"");
    var form = proxy.next().request().form();
    assertThat(form.logprobs()).isEqualTo(2);
    assertThat(form.thoughts()).isTrue();
    assertThat(form.format()).isEqualTo(new ResponseFormat.Json());
  }

  @Test
  void namesTheMemberThatAModelCannotDo() {
    proxy.answers(asked -> asked.refuses(400, "invalid_request", null));

    var forced = client.post("/v1/chat/completions", chat(TOOLS + ",'tool_choice':'required'"));
    var format =
        client.post(
            "/v1/chat/completions", chat("'stream':true,'response_format':{'type':'json_object'}"));

    assertThat(forced.status()).isEqualTo(400);
    assertThat(forced.json().at("/error/param").asText()).isEqualTo("tool_choice");
    assertThat(forced.json().at("/error/code").asText()).isEqualTo("unsupported_parameter");
    assertThat(format.json().at("/error/param").asText()).isEqualTo("response_format");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void respondsWithoutKeepingTheResponse(boolean stream) throws InterruptedException {
    var answer =
        client.post(
            "/v1/responses",
            json("'input':'Hi','store':false,'instructions':'Be brief.','stream':" + stream));

    assertThat(answer.body()).contains("\"text\":\"Blue.\"", "\"store\":false");
    assertThat(proxy.next().request().messages()).hasSize(2);
    assertThat(client.get("/v1/responses/resp_1/input_items").status()).isEqualTo(404);
    assertThat(client.get("/v1/responses/resp_1/input_items").json().at("/error/type").asText())
        .isEqualTo("invalid_request_error");
  }

  @Test
  void countsTheTokensOfAnInput() throws InterruptedException {
    var answer = client.post("/v1/responses/input_tokens", json("'input':'Hi'"));
    var kept =
        client.post(
            "/v1/responses/input_tokens", json("'input':'Hi','previous_response_id':'resp_1'"));

    assertThat(answer.body())
        .isEqualTo("{\"object\":\"response.input_tokens\",\"input_tokens\":14}");
    assertThat(proxy.next().request().options().maxTokens()).isEqualTo(1);
    assertThat(kept.json().at("/error/param").asText()).isEqualTo("previous_response_id");
  }

  @Test
  void refusesInTheBackgroundWhatIsNotKept() {
    var refused =
        client.post("/v1/responses", json("'input':'Hi','store':false,'background':true"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/param").asText()).isEqualTo("background");
  }

  @Test
  void turnsTextsIntoVectors() throws InterruptedException {
    proxy.embeds(new float[] {0.25f, -1f});

    var numbers = client.post("/v1/embeddings", json("'input':['a','b'],'dimensions':2"));
    var base64 = client.post("/v1/embeddings", json("'input':'a','encoding_format':'base64'"));

    assertThat(numbers.json().at("/data/1/embedding/0").floatValue()).isEqualTo(0.25f);
    assertThat(numbers.json().at("/usage/total_tokens").asInt()).isEqualTo(7);
    assertThat(base64.json().at("/data/0/embedding").asText()).isEqualTo("AACAPgAAgL8=");
    var asked = proxy.nextEmbeddings();
    assertThat(asked.inputs()).containsExactly("a", "b");
    assertThat(asked.dimensions()).isEqualTo(2);
    assertThat(asked.truncate()).isFalse();
    assertThat(proxy.nextEmbeddings().inputs()).containsExactly("a");
  }

  @Test
  void saysThatAModelMakesNoEmbeddings() throws InterruptedException {
    proxy.embeds(null);

    var refused = client.post("/v1/embeddings", json("'input':'a'"));

    proxy.nextEmbeddings();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/param").asText()).isEqualTo("model");
    assertThat(refused.json().at("/error/message").asText()).contains("no embeddings");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/chat/completions/chatcmpl-1, 404",
    "GET, /v1/files, 404",
    "POST, /v1/images/generations, 404",
    "POST, /v1/moderations, 404",
    "GET, /v1/fine_tuning/jobs, 404",
    "GET, /v1/chat/completions, 405",
    "PUT, /v1/embeddings, 405",
    "DELETE, /v1/models/gemma3:270m, 403",
  })
  void answersWhatIsNotServedInItsOwnForm(String method, String path, int status) {
    var refused = client.call(method, path, method.equals("POST") ? "{}" : null);

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.header("Content-Type")).isEqualTo("application/json");
    assertThat(refused.json().get("error").size()).isEqualTo(4);
    assertThat(refused.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
  }

  @Test
  void sendsTheHeadersThatClientsRead() {
    proxy.answers(asked -> asked.refuses(429, "queue_full", 2500L));
    var refused = client.post("/v1/chat/completions", chat("'n':1"), "X-Request-Id", "req_1");
    var bad = client.post("/v1/completions", "{}");

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("x-request-id")).isEqualTo("req_1");
    assertThat(refused.header("Retry-After")).isEqualTo("3");
    assertThat(refused.header("retry-after-ms")).isEqualTo("2500");
    assertThat(refused.header("x-should-retry")).isEqualTo("true");
    assertThat(refused.header("openai-version")).isEqualTo("2020-10-01");
    assertThat(Integer.parseInt(refused.header("openai-processing-ms"))).isNotNegative();
    assertThat(bad.header("x-request-id")).isNotEmpty();
    assertThat(bad.header("openai-processing-ms")).isNotEmpty();
    assertThat(bad.header("x-should-retry")).isEmpty();
    assertThat(refused.header("x-ratelimit-limit-requests")).isEmpty();
  }

  private static GenerationEvent.Finished finished(FinishReason reason) {
    return new GenerationEvent.Finished(
        reason, new Usage(14, 2, false), new Timings(null, null, null, null, null));
  }

  private static String chat(String members) {
    return json("'messages':[{'role':'user','content':'Hello'}]," + members);
  }

  private static String json(String members) {
    return ("{'model':'gemma3:270m'," + members + "}").replace('\'', '"');
  }
}
