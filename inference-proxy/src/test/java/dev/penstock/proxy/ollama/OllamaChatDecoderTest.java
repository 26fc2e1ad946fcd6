package dev.penstock.proxy.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.exchange.AnswerDecoder;
import dev.penstock.proxy.exchange.Reading;
import dev.penstock.proxy.generation.Completion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** ollama-api.md sections 4.1, 7 and 17, sse.md SSE-9, SSE-10 and SSE-35, fault matrix F14–F16. */
class OllamaChatDecoderTest {
  private static final Reading READING = new Reading(OllamaChatDecoder::new);
  private static final String LAST =
      "{\"model\":\"m\",\"created_at\":\"2026-03-02T10:11:13.5Z\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
          + "\"done_reason\":\"stop\",\"total_duration\":1500123456,\"load_duration\":9100200,"
          + "\"prompt_eval_count\":41,\"prompt_eval_duration\":120400000,"
          + "\"eval_count\":58,\"eval_duration\":1290000000}\n";
  private static final Completion COMPLETION =
      new Completion(FinishReason.STOP, 41, 58, 9, 120L, 1290L).withUnexplainedMs(80);

  private static final Completion CALLED =
      new Completion(FinishReason.TOOL_CALLS, 41, 58, 9, 120L, 1290L).withUnexplainedMs(80);
  private static final TokenLogprob LOGPROB =
      new TokenLogprob(
          " no",
          -0.4,
          List.of(32, 110, 111),
          List.of(new TokenLogprob(" ja", -1.5, List.of(32, 106, 97), List.of())));
  private static final String LOGPROBS =
      "[{\"token\":\" no\",\"logprob\":-0.4,\"bytes\":[32,110,111],\"later\":{},"
          + "\"top_logprobs\":[{\"token\":\" ja\",\"logprob\":-1.5,\"bytes\":[32,106,97]}]}]";

  static Stream<Arguments> bodies() {
    return Stream.of(
        body("plain", frame("Red") + frame(" pandas") + LAST, "Red", " pandas", COMPLETION),
        body("text of several bytes", frame("Grüße 🐼") + LAST, "Grüße 🐼", COMPLETION),
        body("CRLF", (frame("a") + LAST).replace("\n", "\r\n"), "a", COMPLETION),
        body("blank lines", "\n\r\n" + frame("a") + "\n" + LAST, "a", COMPLETION),
        body("byte order mark", "\uFEFF" + frame("a") + LAST, "a", COMPLETION),
        body("no line end after the last line", frame("a") + LAST.strip(), "a", COMPLETION),
        body("empty content", frame("") + LAST, COMPLETION),
        body(
            "null content", "{\"message\":{\"content\":null},\"done\":false}\n" + LAST, COMPLETION),
        body(
            "text in the last line",
            frame("a") + LAST.replace("\"content\":\"\"", "\"content\":\"z\""),
            "a",
            "z",
            COMPLETION),
        body(
            "thinking",
            "{\"message\":{\"content\":\"\",\"thinking\":\"hm\\ud83d\"},\"done\":false}\n"
                + "{\"message\":{\"content\":\"a\",\"thinking\":\"\\udc3c\"},\"done\":false}\n"
                + LAST.replace("\"content\":\"\"", "\"content\":\"\",\"thinking\":\"so\""),
            new Thought("hm"),
            new Thought("🐼"),
            "a",
            new Thought("so"),
            COMPLETION),
        body(
            "probabilities",
            scored("no") + scored("") + LAST,
            new Scored("no", List.of(LOGPROB)),
            new Scored("", List.of(LOGPROB)),
            COMPLETION),
        body(
            "probabilities of thoughts",
            scored("").replace("\"content\"", "\"thinking\":\"hm\",\"content\"") + LAST,
            new Thought("hm"),
            COMPLETION),
        body(
            "probabilities in the last line",
            LAST.replace("\"done\":true", "\"logprobs\":" + LOGPROBS + ",\"done\":true"),
            new Scored("", List.of(LOGPROB)),
            COMPLETION),
        body(
            "no probabilities",
            frame("a").replace("\"done\"", "\"logprobs\":null,\"done\"") + LAST,
            "a",
            COMPLETION),
        body(
            "tool calls",
            "{\"message\":{\"content\":\"b\",\"tool_calls\":[{\"id\":\"call_1\",\"function\":{"
                + "\"index\":0,\"name\":\"f\",\"arguments\":{\"done\":true, \"error\":\"\\u003cé\"}}},"
                + "{\"function\":{\"name\":\"g\",\"arguments\":{}},\"id\":\"call_2\"}]},"
                + "\"done\":false}\n"
                + LAST,
            "b",
            new Called(
                List.of(
                    new ToolCall("call_1", "f", "{\"done\":true, \"error\":\"\\u003cé\"}"),
                    new ToolCall("call_2", "g", "{}"))),
            CALLED),
        body(
            "a tool call in the last line, without arguments",
            frame("a") + LAST.replace("\"content\":\"\"", "\"content\":\"\"," + call("call_1")),
            "a",
            new Called(List.of(new ToolCall("call_1", "f", "{}"))),
            CALLED),
        body(
            "a tool call before the bound of tokens",
            frame("").replace("\"content\"", call("call_1") + ",\"content\"")
                + LAST.replace("\"stop\"", "\"length\""),
            new Called(List.of(new ToolCall("call_1", "f", "{}"))),
            new Completion(FinishReason.LENGTH, 41, 58, 9, 120L, 1290L).withUnexplainedMs(80)),
        body(
            "no tool calls",
            frame("a").replace("\"content\"", "\"tool_calls\":null,\"content\"") + LAST,
            "a",
            COMPLETION),
        body(
            "a tool call without a name",
            frame("").replace("\"content\"", "\"tool_calls\":[{\"function\":{}}],\"content\""),
            FailureCode.UPSTREAM_PROTOCOL),
        body(
            "arguments of another type",
            frame("")
                .replace(
                    "\"content\"",
                    "\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}],\"content\""),
            FailureCode.UPSTREAM_PROTOCOL),
        body(
            "a probability of another type",
            frame("a").replace("\"done\"", "\"logprobs\":[{\"logprob\":\"x\"}],\"done\""),
            FailureCode.UPSTREAM_PROTOCOL),
        body(
            "members in another order and unknown ones",
            "{\"done\":false,\"x\":{\"y\":[1,{}]},\"message\":{\"content\":\"a\",\"z\":[]}}\n"
                + LAST,
            "a",
            COMPLETION),
        body("U+0000", frame("a\\u0000b") + LAST, "a\uFFFDb", COMPLETION),
        body(
            "a pair over two lines",
            frame("a\\ud83d") + frame("\\udc3cb") + LAST,
            "a",
            "🐼b",
            COMPLETION),
        body("half a pair at the end", frame("a\\ud83d") + LAST, "a", "\uFFFD", COMPLETION),
        body("a lone half", frame("\\udc3ca") + LAST, "\uFFFDa", COMPLETION),
        body("escapes", frame("\\u003cb\\u003e\\n\\t\\\"") + LAST, "<b>\n\t\"", COMPLETION),
        body(
            "the bound of tokens",
            LAST.replace("\"stop\"", "\"length\""),
            new Completion(FinishReason.LENGTH, 41, 58, 9, 120L, 1290L).withUnexplainedMs(80)),
        body(
            "no counts",
            "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n",
            new Completion(FinishReason.STOP, null, null, 0, null, null)),
        body(
            "data after the end",
            frame("a") + LAST + frame("b") + LAST + "junk\n",
            "a",
            COMPLETION),
        body(
            "an end without reason",
            LAST.replace("\"stop\"", "\"\""),
            FailureCode.UPSTREAM_TRUNCATED),
        body("a load's end", LAST.replace("\"stop\"", "\"load\""), FailureCode.UPSTREAM_PROTOCOL),
        body("no last line", frame("a"), "a", FailureCode.UPSTREAM_TRUNCATED),
        body("nothing at all", "", FailureCode.UPSTREAM_TRUNCATED),
        body("half a line", frame("a") + "{\"mess", "a", FailureCode.UPSTREAM_TRUNCATED),
        body(
            "an error line",
            frame("a") + "{\"error\":\"an error was encountered while running the model\"}\n",
            "a",
            FailureCode.UPSTREAM_FAILED),
        body(
            "an error line about the context",
            "{\"error\":\"the input length exceeds the context length\"}\n",
            FailureCode.CONTEXT_LENGTH_EXCEEDED),
        body(
            "the engine's error as an object",
            "{\"error\":{\"code\":400,\"type\":\"exceed_context_size_error\"}}\n",
            FailureCode.CONTEXT_LENGTH_EXCEEDED),
        body("not JSON", "<html>busy</html>\n", FailureCode.UPSTREAM_PROTOCOL),
        body("an array", "[1]\n", FailureCode.UPSTREAM_PROTOCOL),
        body("an object that is no frame", "{\"status\":\"ok\"}\n", FailureCode.UPSTREAM_PROTOCOL),
        body(
            "two objects on a line",
            frame("a").strip() + frame("b"),
            FailureCode.UPSTREAM_PROTOCOL),
        body(
            "content of another type",
            "{\"message\":{\"content\":7}}\n",
            FailureCode.UPSTREAM_PROTOCOL),
        body("message of another type", "{\"message\":\"a\"}\n", FailureCode.UPSTREAM_PROTOCOL),
        body("done of another type", "{\"done\":\"yes\"}\n", FailureCode.UPSTREAM_PROTOCOL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void readsTheSameWhereverTheBytesAreCut(String name, String body, List<Object> expected) {
    READING.sayWhereverCut(body, expected);
  }

  @Test
  void givesACallWithoutAnIdOneOfItsOwn() {
    var wire = frame("").replace("\"content\"", call("") + ",\"content\"") + LAST;

    var heard = READING.of(wire);

    assertThat(heard.getFirst())
        .isInstanceOfSatisfying(
            Called.class,
            called -> assertThat(called.calls().getFirst().id()).matches("call_[0-9a-f]{24}"));
  }

  @Test
  void replacesBytesThatAreNotUtf8() {
    var wire = frame("a?b").getBytes(StandardCharsets.ISO_8859_1);
    wire[new String(wire, StandardCharsets.ISO_8859_1).indexOf('?')] = (byte) 0xFF;

    assertThat(READING.of(wire)).first().isEqualTo("a\uFFFDb");
  }

  @Test
  void takesALineOfOneMebibyteAndRefusesOneByteMore() {
    var overhead = frame("").length() - 1;
    var longest = "x".repeat(AnswerDecoder.MAX_CHUNK_BYTES - overhead);

    assertThat(READING.of(frame(longest) + LAST)).containsExactly(longest, COMPLETION);
    assertThat(READING.of(frame(longest + "x") + LAST))
        .containsExactly(FailureCode.UPSTREAM_PROTOCOL);
  }

  @Test
  void breaksOffAnEndlessLineBeforeItsEnd() {
    assertThat(READING.ofEndless("x".repeat(100_000), 11))
        .containsExactly(FailureCode.UPSTREAM_PROTOCOL);
  }

  private static String frame(String escapedText) {
    return "{\"model\":\"m\",\"created_at\":\"2026-03-02T10:11:12.123456789Z\","
        + "\"message\":{\"role\":\"assistant\",\"content\":\""
        + escapedText
        + "\"},\"done\":false}\n";
  }

  private static String scored(String text) {
    return frame(text).replace("\"done\"", "\"logprobs\":" + LOGPROBS + ",\"done\"");
  }

  private static String call(String id) {
    return "\"tool_calls\":[{\"id\":\"" + id + "\",\"function\":{\"name\":\"f\"}}]";
  }

  private static Arguments body(String name, String body, Object... expected) {
    return Arguments.of(name, body, List.of(expected));
  }
}
