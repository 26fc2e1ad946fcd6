package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.inference.FakeProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chats and generations over HTTP (ollama-api.md sections 2, 4, 5, 7 and 8). */
@Timeout(60)
class CompletionsTest {
  private static final String ASK =
      "{\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}";

  private static OllamaServer server;
  private static FakeProxy proxy;

  @BeforeAll
  static void start() {
    server = new OllamaServer();
    proxy = server.proxy;
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void streamsLinesUnlessToldNotTo() throws Exception {
    proxy.answers(asked -> asked.says("Red <pandas> ").says("🐼").finishes());

    var answer = server.client.post("/api/chat", ASK.formatted(""));

    proxy.next();
    var lines = OllamaServer.lines(answer);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/x-ndjson");
    assertThat(answer.header("content-length")).isEmpty();
    assertThat(answer.body()).contains("Red \\u003cpandas\\u003e ").endsWith("}\n");
    assertThat(contents(lines)).isEqualTo("Red <pandas> 🐼");
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.get("model").asText()).isEqualTo("gemma3:4b"));
    var last = lines.getLast();
    assertThat(last.get("done").asBoolean()).isTrue();
    assertThat(last.get("done_reason").asText()).isEqualTo("stop");
    assertThat(last.get("prompt_eval_count").asInt()).isEqualTo(14);
    assertThat(last.get("eval_count").asInt()).isEqualTo(2);
    assertThat(last.get("eval_duration").asLong()).isEqualTo(3_000_000);
    assertThat(last.get("prompt_eval_duration").asLong()).isEqualTo(1_000_000);
    assertThat(last.get("total_duration").asLong()).isPositive();
    assertThat(last.has("load_duration")).isFalse();
  }

  @Test
  void answersWithOneObject() throws Exception {
    proxy.answers(asked -> asked.says("Red ").says("pandas").finishes());

    var answer = server.client.post("/api/chat", ASK.formatted(",\"stream\":false"));

    proxy.next();
    assertThat(answer.header("content-type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.json().at("/message/content").asText()).isEqualTo("Red pandas");
    assertThat(answer.json().get("done_reason").asText()).isEqualTo("stop");
    assertThat(answer.body()).doesNotContain("\n");
  }

  @Test
  void asksForWhatTheClientAskedFor() throws Exception {
    proxy.answers(FakeProxy.Asked::finishes);
    var png = "iVBORw0KGgoAAAA=";

    server.client.post(
        "/api/chat",
        """
        {"model":"GEMMA3:4b","messages":[
          {"role":"System","content":"Be short."},
          {"role":"user","content":"Look","images":["%s"]}],
         "format":{"type":"object","properties":{"a":{"type":"string"}}},
         "options":{"num_predict":5,"num_ctx":99},"keep_alive":"10m","logprobs":true,
         "top_logprobs":2,"truncate":false,"shift":true,"unheard_of":1}
        """
            .formatted(png),
        "X-OpenWebUI-Chat-Id",
        "chat-7");

    var asked = proxy.next().request();
    assertThat(asked.model()).isEqualTo("gemma3:4b");
    assertThat(asked.messages())
        .containsExactly(
            new ChatMessage(Role.SYSTEM, "Be short."),
            ChatMessage.showing("Look", List.of(new Image("image/png", png))));
    assertThat(asked.options().maxTokens()).isEqualTo(5);
    assertThat(asked.options().think()).isNull();
    assertThat(asked.form())
        .isEqualTo(
            AnswerForm.PLAIN
                .withFormat(
                    new ResponseFormat.Schema(
                        null, "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"))
                .withLogprobs(2));
    assertThat(asked.conversation()).hasSize(32).doesNotContain("chat-7");
    assertThat(asked.continuesAnswer()).isFalse();
  }

  @Test
  void offersToolsAndPassesTheirHistoryOn() throws Exception {
    var call = new ToolCall("call_9", "lookup", "{\"city\":\"Oslo\"}");
    proxy.answers(
        asked ->
            asked
                .tells(
                    new GenerationEvent.Called(List.of(call)),
                    new GenerationEvent.Finished(
                        FinishReason.TOOL_CALLS,
                        new Usage(1, 1, false),
                        new Timings(null, null, null, null, null)))
                .ends());

    var answer =
        server.client.post(
            "/api/chat",
            """
            {"model":"gemma4","think":false,"messages":[
              {"role":"user","content":"Weather?"},
              {"role":"assistant","content":"","tool_calls":[
                {"function":{"name":"lookup","arguments":{"b":1,"a":2}}}]},
              {"role":"tool","content":"cold","tool_name":"lookup"}],
             "tools":[{"type":"function","function":{"name":"lookup","description":"Looks up",
               "parameters":{"type":"object","required":["city"],"properties":{}}}}]}
            """);

    var asked = proxy.next().request();
    assertThat(asked.form().tools())
        .containsExactly(
            new Tool(
                "lookup",
                "Looks up",
                "{\"type\":\"object\",\"required\":[\"city\"],\"properties\":{}}"));
    assertThat(asked.messages())
        .containsExactly(
            new ChatMessage(Role.USER, "Weather?"),
            ChatMessage.calling("", List.of(new ToolCall("call_0", "lookup", "{\"b\":1,\"a\":2}"))),
            ChatMessage.toolResult(null, "lookup", "cold"));
    assertThat(asked.options().think()).isEqualTo(Think.OFF);
    var lines = OllamaServer.lines(answer);
    assertThat(lines.getFirst().at("/message/tool_calls/0/function/arguments/city").asText())
        .isEqualTo("Oslo");
    assertThat(lines.getFirst().at("/message/tool_calls/0/id").asText()).isEqualTo("call_9");
    assertThat(lines.getLast().get("done_reason").asText()).isEqualTo("stop");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ON, true",
    "',\"think\":false', OFF, false",
    "',\"think\":\"low\"', LOW, true",
    "',\"think\":\"max\"', MAX, true"
  })
  void thinksUnlessToldNotTo(String member, Think think, boolean shown) throws Exception {
    proxy.answers(
        asked -> asked.tells(new GenerationEvent.Thought("Hm. ")).says("Yes.").finishes());

    var lines =
        OllamaServer.lines(
            server.client.post(
                "/api/chat",
                "{\"model\":\"gemma4\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}"
                    .formatted(member)));

    var asked = proxy.next().request();
    assertThat(asked.options().think()).isEqualTo(think);
    assertThat(asked.form().thoughts()).isEqualTo(shown);
    assertThat(lines.getFirst().at("/message/thinking").asText()).isEqualTo("Hm. ");
    assertThat(lines.getFirst().at("/message/content").asText()).isEmpty();
    assertThat(contents(lines)).isEqualTo("Yes.");
  }

  @Test
  void tellsProbabilities() throws Exception {
    var token = new TokenLogprob(" no", -0.4, List.of(32, 110, 111), List.of());
    proxy.answers(
        asked -> asked.tells(new GenerationEvent.Scored(" no", List.of(token))).finishes());

    var streamed = server.client.post("/api/chat", ASK.formatted(",\"logprobs\":true"));
    var whole =
        server.client.post("/api/chat", ASK.formatted(",\"logprobs\":true,\"stream\":false"));

    assertThat(proxy.next().request().form().logprobs()).isZero();
    proxy.next();
    assertThat(OllamaServer.lines(streamed).getFirst().at("/logprobs/0/bytes/2").asInt())
        .isEqualTo(111);
    assertThat(whole.json().at("/logprobs/0/token").asText()).isEqualTo(" no");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", "multipart/form-data"})
  void readsJsonWhateverItIsCalled(String mediaType) throws Exception {
    proxy.answers(asked -> asked.says("Yes.").finishes());
    var body = ASK.formatted(",\"stream\":false,\"pad\":\"" + "%&=+".repeat(10_000) + "\"");

    var answer = server.client.post("/api/chat", body, "Content-Type", mediaType);

    proxy.next();
    assertThat(answer.json().at("/message/content").asText()).isEqualTo("Yes.");
  }

  @Test
  void goesOnWithTheContextOfAFormerAnswer() throws Exception {
    proxy.answers(asked -> asked.says("Blue").finishes());

    var first =
        server.client.post(
            "/api/generate",
            "{\"model\":\"gemma3:4b\",\"prompt\":\"Colour?\",\"system\":\"Be short.\"}");
    var context = OllamaServer.lines(first).getLast().get("context");
    var second =
        server.client.post(
            "/api/generate",
            "{\"model\":\"gemma3:4b\",\"prompt\":\"Why?\",\"stream\":false,\"context\":%s}"
                .formatted(context));

    assertThat(OllamaServer.lines(first).getFirst().get("response").asText()).isEqualTo("Blue");
    proxy.next();
    assertThat(proxy.next().request().messages())
        .containsExactly(
            new ChatMessage(Role.SYSTEM, "Be short."),
            new ChatMessage(Role.USER, "Colour?"),
            new ChatMessage(Role.ASSISTANT, "Blue"),
            new ChatMessage(Role.USER, "Why?"));
    assertThat(second.json().get("context").size()).isGreaterThan(context.size());
  }

  @ParameterizedTest
  @CsvSource({
    "chat, '{\"model\":\"gemma3:4b\"}', load",
    "chat, '{\"model\":\"gemma3:4b\",\"messages\":[],\"stream\":true}', load",
    "chat, '{\"model\":\"gemma3:4b\",\"keep_alive\":0}', unload",
    "generate, '{\"model\":\"gemma3:4b\",\"prompt\":\"\"}', load",
    "generate, '{\"model\":\"gemma3:4b\",\"keep_alive\":\"0s\"}', unload",
  })
  void loadsAndUnloadsInOneObject(String route, String body, String reason) {
    var answer = server.client.post("/api/" + route, body);

    assertThat(answer.header("content-type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.json().get("done").asBoolean()).isTrue();
    assertThat(answer.json().get("done_reason").asText()).isEqualTo(reason);
    assertThat(answer.json().has("total_duration")).isFalse();
    assertThat(proxy.unseen()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "429, queue_full, 503, 'server busy, please try again.  maximum pending requests exceeded', 3",
    "503, no_capacity, 503, 'server busy, please try again.  maximum pending requests exceeded', 3",
    "404, model_not_found, 404, model 'gemma3:4b' not found, ''",
    "502, upstream_failed, 500, 'model runner has unexpectedly stopped, this may be due to"
        + " resource limitations or an internal error, check ollama server logs for details', ''",
    "504, upstream_timeout, 504, Said by the proxy., ''",
    "429, rate_limited, 429, Said by the proxy., 3",
  })
  void refusesInOllamasWordsBeforeTheFirstFrame(
      int told, String code, int status, String text, String retryAfter) throws Exception {
    proxy.answers(asked -> asked.refuses(told, code, 2_500L));

    var streamed = server.client.post("/api/chat", ASK.formatted(""));
    var whole =
        server.client.post(
            "/api/generate", "{\"model\":\"gemma3:4b\",\"prompt\":\"a\",\"stream\":false}");

    proxy.next();
    proxy.next();
    for (var refused : List.of(streamed, whole)) {
      assertThat(refused.status()).isEqualTo(status);
      assertThat(refused.json().path("error").asText()).isEqualTo(text);
      assertThat(refused.header("retry-after")).isEqualTo(retryAfter);
    }
  }

  @Test
  void refusesATooLongPromptAsOllamaDoes() throws Exception {
    proxy.answers(asked -> asked.refuses(400, "context_length_exceeded", 1L));

    var refused = server.client.post("/api/chat", ASK.formatted(""));

    proxy.next();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().path("error").asText())
        .startsWith("the prompt is longer than the context length currently available");
  }

  @Test
  void endsABrokenStreamWithALineThatSaysSo() throws Exception {
    proxy.answers(asked -> asked.says("Red"));

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      send(socket, ASK.formatted(""));
      assertThat(readTo(socket, "}\n\r\n")).contains("200 OK").contains("\"content\":\"Red\"");
      proxy
          .next()
          .tells(new GenerationEvent.Failed(Failure.of(FailureCode.UPSTREAM_FAILED, "It broke.")))
          .ends();

      assertThat(readTo(socket, "\r\n0\r\n\r\n"))
          .contains(
              "\r\n{\"error\":\"an error was encountered while running the model: unexpected"
                  + " EOF\"}\n\r\n0\r\n");
    }
  }

  @Test
  void cancelsTheGenerationOfAClientThatLeaves() throws Exception {
    proxy.answers(asked -> asked.says("Red"));

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      send(socket, ASK.formatted(""));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }

    assertThat(proxy.next().closedAt()).isPositive();
  }

  @Test
  void answersAClientThatAsksWhetherToSendItsBody() throws Exception {
    proxy.answers(asked -> asked.says("Yes.").finishes());

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      var body = ASK.formatted("");
      write(socket, head(body) + "Expect: 100-continue\r\n\r\n");
      assertThat(new String(socket.getInputStream().readNBytes(21), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100 Continue");
      write(socket, body);
      proxy.next();
    }
  }

  private static void send(Socket socket, String body) throws IOException {
    write(socket, head(body) + "\r\n" + body);
  }

  private static String readTo(Socket socket, String end) throws IOException {
    var read = new StringBuilder();
    while (read.indexOf(end) < 0) {
      var next = socket.getInputStream().read();
      assertThat(next).as(read.toString()).isNotNegative();
      read.append((char) next);
    }
    return read.toString();
  }

  private static String head(String body) {
    return "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
        + body.getBytes(StandardCharsets.UTF_8).length
        + "\r\n";
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String contents(List<JsonNode> lines) {
    return lines.stream()
        .map(line -> line.at("/message/content").asText())
        .collect(Collectors.joining());
  }
}
