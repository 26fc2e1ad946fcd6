package dev.penstock.proxy.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.exchange.Reading;
import dev.penstock.proxy.generation.Completion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shapes of vLLM, llama-server, TGI and OpenAI (openai-api.md sections 3 and 4; SSE-35). */
class ChatChunkDecoderTest {
  private static final Reading READING = new Reading(ChatChunkDecoder::new);
  private static final String DONE = "data: [DONE]\n\n";
  private static final Completion NO_COUNTS = end(FinishReason.STOP);

  private static final String LLAMA_SERVER =
      "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"delta\":{\"content\":\"%s\"}}],"
          + "\"created\":1767225600,\"id\":\"chatcmpl-x\",\"model\":\"gemma\","
          + "\"system_fingerprint\":\"b6000\",\"object\":\"chat.completion.chunk\"}";
  private static final String TGI =
      "{\"object\":\"chat.completion.chunk\",\"id\":\"\",\"created\":1767225600,\"model\":\"g\","
          + "\"system_fingerprint\":\"3\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
          + "\"content\":\"%s\"},\"logprobs\":null,\"finish_reason\":%s}],\"usage\":null}";

  static Stream<Arguments> bodies() {
    return Stream.of(
        body(
            "vLLM",
            event(
                    head(
                        "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
                            + "\"logprobs\":null,\"finish_reason\":null}"))
                + text("Red")
                + text(" pandas 🐼")
                + text("")
                + text(" eat \\\"bamboo\\\".\\n")
                + text("!")
                + finish("stop")
                + event(
                    head("")
                        .replace(
                            "}END",
                            ",\"usage\":{\"prompt_tokens\":9,\"total_tokens\":14,"
                                + "\"completion_tokens\":5,\"prompt_tokens_details\":"
                                + "{\"cached_tokens\":4},\"completion_tokens_details\":"
                                + "{\"reasoning_tokens\":2}}}"))
                + DONE,
            "Red",
            " pandas 🐼",
            " eat \"bamboo\".\n",
            "!",
            new Completion(FinishReason.STOP, 9, 5, 4, 2, 0, null, null)),
        body(
            "llama-server",
            event(LLAMA_SERVER.formatted("Gr"))
                + event(LLAMA_SERVER.formatted("üße"))
                + event(
                    "{\"choices\":[{\"finish_reason\":\"length\",\"index\":0,\"delta\":{}}],"
                        + "\"timings\":{\"prompt_n\":9,\"prompt_ms\":12.6,\"predicted_n\":2,"
                        + "\"predicted_ms\":80.2}}")
                + event("{\"choices\":[],\"usage\":{\"completion_tokens\":2,\"prompt_tokens\":9}}")
                + DONE,
            "Gr",
            "üße",
            new Completion(FinishReason.LENGTH, 9, 2, null, null, 0, 13L, 80L)),
        body(
            "TGI without [DONE], over CRLF",
            (event(TGI.formatted("a", "null")) + event(TGI.formatted("", "\"eos_token\"")))
                .replace("\n", "\r\n"),
            "a",
            NO_COUNTS),
        body("comments", ": ping\n" + text("a") + ":\n\n" + finish("stop") + DONE, "a", NO_COUNTS),
        body(
            "half a pair in each of two chunks",
            text("\\ud83d") + text("\\udc3c") + text("\\ud83d") + finish("stop") + DONE,
            "🐼",
            "\uFFFD",
            NO_COUNTS),
        body(
            "thoughts by either name",
            delta("\"reasoning_content\":\"hm\"")
                + delta("\"reasoning\":\"so\"")
                + delta("\"reasoning_content\":null,\"content\":\"a\"")
                + finish("stop")
                + DONE,
            new Thought("hm"),
            new Thought("so"),
            "a",
            NO_COUNTS),
        body(
            "calls in pieces",
            delta(
                    "\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":"
                        + "\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"\"}}]")
                + delta(call(0, "{\\\"at\\\":"))
                + delta(
                    "\"tool_calls\":[{\"index\":1,\"id\":\"call_2\",\"function\":"
                        + "{\"name\":\"wait\"}}]")
                + delta(call(0, "\\\"it\\\"}"))
                + finish("tool_calls")
                + DONE,
            new Called(
                List.of(
                    new ToolCall("call_1", "look", "{\"at\":\"it\"}"),
                    new ToolCall("call_2", "wait", "{}"))),
            end(FinishReason.TOOL_CALLS)),
        body(
            "TGI's call, one object with arguments that are one",
            delta(
                    "\"tool_calls\":{\"index\":0,\"id\":\"0\",\"function\":{\"name\":\"look\","
                        + "\"arguments\":{\"at\": \"it\"}}}")
                + finish("stop")
                + DONE,
            new Called(List.of(new ToolCall("0", "look", "{\"at\": \"it\"}"))),
            end(FinishReason.TOOL_CALLS)),
        body(
            "probabilities",
            event(
                    head(
                        "{\"index\":0,\"delta\":{\"content\":\"no\"},\"logprobs\":{\"content\":"
                            + "[{\"token\":\"no\",\"logprob\":-0.4,\"bytes\":null,"
                            + "\"top_logprobs\":[]}]},\"finish_reason\":null}"))
                + finish("stop")
                + DONE,
            new Scored("no", List.of(new TokenLogprob("no", -0.4, List.of(), List.of()))),
            NO_COUNTS),
        body("withheld", finish("content_filter") + DONE, end(FinishReason.CONTENT_FILTER)),
        body("nothing after the end", finish("stop") + DONE + text("z"), NO_COUNTS));
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        body("a clean end", text("a"), "a", FailureCode.UPSTREAM_TRUNCATED),
        body("[DONE] without a reason", text("a") + DONE, "a", FailureCode.UPSTREAM_TRUNCATED),
        body("nothing at all", "", FailureCode.UPSTREAM_TRUNCATED),
        body(
            "an end in the middle of an event",
            text("a") + "data: {\"choices\":[{\"delta",
            "a",
            FailureCode.UPSTREAM_TRUNCATED),
        body(
            "vLLM's error",
            text("a") + event("{\"error\":{\"message\":\"died\",\"code\":500}}") + DONE,
            "a",
            FailureCode.UPSTREAM_FAILED),
        body(
            "older vLLM's error",
            event("{\"object\":\"error\",\"message\":\"maximum context length is 8\"}") + DONE,
            FailureCode.CONTEXT_LENGTH_EXCEEDED),
        body(
            "TGI's error",
            event("{\"error\":\"Request failed during generation\",\"error_type\":\"x\"}"),
            FailureCode.UPSTREAM_FAILED),
        body(
            "llama-server's line that is no event",
            text("about the context length") + "error: {\"code\":500,\"message\":\"died\"}\n\n",
            "about the context length",
            FailureCode.UPSTREAM_FAILED),
        body(
            "an error event that is no JSON",
            "event: error\ndata: died\n\n",
            FailureCode.UPSTREAM_FAILED),
        body("given up", text("a") + finish("abort") + DONE, "a", FailureCode.UPSTREAM_FAILED),
        body("garbage", "data: <html>\n\n", FailureCode.UPSTREAM_PROTOCOL),
        body("another document", event("{\"a\":1}"), FailureCode.UPSTREAM_PROTOCOL),
        body("choices of another type", event("{\"choices\":7}"), FailureCode.UPSTREAM_PROTOCOL),
        body("content of another type", delta("\"content\":7"), FailureCode.UPSTREAM_PROTOCOL),
        body(
            "a call that is not whole",
            delta(call(0, "{\\\"at")) + finish("tool_calls") + DONE,
            FailureCode.UPSTREAM_PROTOCOL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"bodies", "broken"})
  void readsTheSameWhereverTheBytesAreCut(String name, String body, List<Object> expected) {
    READING.sayWhereverCut(body, expected);
  }

  @Test
  void takesAnEventOfOneMebibyteAtMost() {
    assertThat(READING.of(text("x".repeat(1 << 19)) + finish("stop") + DONE)).hasSize(2);
    assertThat(READING.ofEndless("data: " + "x".repeat(100_000) + "\n", 11))
        .as("over many lines, none of them long")
        .isEmpty();
    assertThat(READING.of(("data: " + "x".repeat(100_000) + "\n").repeat(11) + "\n"))
        .containsExactly(FailureCode.UPSTREAM_PROTOCOL);
    assertThat(READING.ofEndless("x".repeat(100_000), 11))
        .containsExactly(FailureCode.UPSTREAM_PROTOCOL);
  }

  private static String event(String data) {
    return "data: " + data.replace("}END", "}") + "\n\n";
  }

  private static String head(String choice) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
        + "\"model\":\"google/gemma\",\"choices\":["
        + choice
        + "]}END";
  }

  private static String delta(String members) {
    return event(
        head("{\"index\":0,\"delta\":{" + members + "},\"logprobs\":null,\"finish_reason\":null}"));
  }

  private static String text(String escaped) {
    return delta("\"content\":\"" + escaped + "\"");
  }

  private static String call(int index, String escaped) {
    return "\"tool_calls\":[{\"index\":"
        + index
        + ",\"function\":{\"arguments\":\""
        + escaped
        + "\"}}]";
  }

  private static String finish(String reason) {
    return event(
        head(
            "{\"index\":0,\"delta\":{\"content\":\"\"},\"logprobs\":null,\"finish_reason\":\""
                + reason
                + "\",\"stop_reason\":null}"));
  }

  private static Completion end(FinishReason reason) {
    return new Completion(reason, null, null, 0, null, null);
  }

  private static Arguments body(String name, String body, Object... expected) {
    return Arguments.of(name, body, List.of(expected));
  }
}
