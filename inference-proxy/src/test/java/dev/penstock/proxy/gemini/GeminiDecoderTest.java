package dev.penstock.proxy.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.exchange.Reading;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Setback;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** gemini-api.md sections 4, 5, 7 and 10. */
class GeminiDecoderTest {
  private static final Reading READING = new Reading(GeminiDecoder::new);
  private static final String OVERLOADED =
      "{\"error\":{\"code\":503,\"message\":\"Overloaded.\",\"status\":\"UNAVAILABLE\"}}";

  static Stream<Arguments> bodies() {
    return Stream.of(
        body(
            "Gemini, over CRLF",
            event(parts("{\"text\":\"Grü\"}", ",\"index\":0"))
                + event(
                    "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"ße \"},"
                        + "{\"text\":\"🐼\"}],\"role\":\"model\"},\"finishReason\":\"STOP\","
                        + "\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":4,"
                        + "\"candidatesTokenCount\":3,\"totalTokenCount\":9,"
                        + "\"cachedContentTokenCount\":1,\"thoughtsTokenCount\":2,"
                        + "\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":4}]},"
                        + "\"modelVersion\":\"g\",\"responseId\":\"r\"}"),
            "Grü",
            "ße ",
            "🐼",
            new Completion(FinishReason.STOP, 4, 5, 1, 2, 0, null, null)),
        body(
            "Vertex: usage without counts, a last chunk without parts",
            event(
                    "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"a\"}]}}],"
                        + "\"usageMetadata\":{\"trafficType\":\"ON_DEMAND\"}}")
                + event("{\"candidates\":[{\"finishReason\":\"MAX_TOKENS\"}]}").replace("\r", ""),
            "a",
            end(FinishReason.LENGTH)),
        body(
            "a finish before the last chunk",
            event(parts("{\"text\":\"a\"}", ",\"finishReason\":\"STOP\""))
                + event(parts("{\"text\":\"b\"}", "")),
            "a",
            "b",
            end(FinishReason.STOP)),
        body(
            "thoughts and calls",
            event(parts("{\"thought\":true,\"text\":\"hm\"}", ""))
                + event(
                    parts(
                        "{\"text\":\"a\",\"thoughtSignature\":\"xyz\"},{\"functionCall\":"
                            + "{\"id\":\"f1\",\"name\":\"look\",\"args\":{\"at\": [1, \"{\"]}},"
                            + "\"thoughtSignature\":\"xyz\"}",
                        ",\"finishReason\":\"STOP\"")),
            new Thought("hm"),
            "a",
            new Called(List.of(new ToolCall("f1", "look", "{\"at\": [1, \"{\"]}"))),
            end(FinishReason.TOOL_CALLS)),
        body(
            "withheld",
            event(parts("{\"text\":\"a\"}", ""))
                + event("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"safetyRatings\":[{}]}]}"),
            "a",
            end(FinishReason.CONTENT_FILTER)),
        body(
            "a blocked prompt",
            event(
                "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},"
                    + "\"usageMetadata\":{\"promptTokenCount\":4}}"),
            new Completion(FinishReason.CONTENT_FILTER, 4, null, 0, null, null)));
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        body(
            "a clean end",
            event(parts("{\"text\":\"a\"}", "")),
            "a",
            FailureCode.UPSTREAM_TRUNCATED),
        body("nothing at all", "", FailureCode.UPSTREAM_TRUNCATED),
        body("an error event at once", event(OVERLOADED), FailureCode.NO_CAPACITY),
        body(
            "an error event later",
            event(parts("{\"text\":\"a\"}", "")) + event(OVERLOADED),
            "a",
            FailureCode.UPSTREAM_FAILED),
        body(
            "an error as it is",
            event(parts("{\"text\":\"a\"}", "")) + OVERLOADED + "\r\n\r\n",
            "a",
            FailureCode.UPSTREAM_FAILED),
        body(
            "an error in a list, written by a pretty printer",
            "[{\n  \"error\": {\n    \"code\": 500,\n    \"message\": \"x\"\n  }\n}\n]\n",
            FailureCode.UPSTREAM_FAILED),
        body(
            "a call it could not write",
            event("{\"candidates\":[{\"finishReason\":\"MALFORMED_FUNCTION_CALL\"}]}"),
            FailureCode.UPSTREAM_FAILED),
        body(
            "another reason",
            event("{\"candidates\":[{\"finishReason\":\"OTHER\"}]}"),
            FailureCode.UPSTREAM_FAILED),
        body("garbage", event("<html>"), FailureCode.UPSTREAM_PROTOCOL),
        body("another document", event("{\"a\":1}"), FailureCode.UPSTREAM_PROTOCOL),
        body(
            "text of another type",
            event(parts("{\"text\":7}", "")),
            FailureCode.UPSTREAM_PROTOCOL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"bodies", "broken"})
  void readsTheSameWhereverTheBytesAreCut(String name, String body, List<Object> expected) {
    READING.sayWhereverCut(body, expected);
  }

  @Test
  void givesACallWithoutAnIdOneOfItsOwn() {
    var heard =
        READING.of(
            event(parts("{\"functionCall\":{\"name\":\"look\"}}", ",\"finishReason\":\"STOP\"")));

    assertThat(heard.getFirst())
        .isInstanceOfSatisfying(
            Called.class,
            called -> {
              assertThat(called.calls().getFirst().id()).matches("call_[0-9a-f]{24}");
              assertThat(called.calls().getFirst().arguments()).isEqualTo("{}");
            });
  }

  @Test
  void takesAnEventOfOneMebibyteAtMost() {
    assertThat(READING.ofEndless("x".repeat(100_000), 11))
        .containsExactly(FailureCode.UPSTREAM_PROTOCOL);
  }

  @Test
  void readsWhatAnErrorAsksFor() {
    var setback =
        GeminiErrors.ofStatus(
            429,
            "[{\"error\":{\"code\":429,\"message\":\"Quota\",\"details\":[{\"@type\":\"x\"},"
                + "{\"@type\":\"RetryInfo\",\"retryDelay\":\"2.5s\"}]}}]");

    assertThat(setback.kind()).isEqualTo(Setback.Kind.NO_SLOT);
    assertThat(setback.failure().retryAfterMs()).isEqualTo(2_000);
    assertThat(GeminiErrors.ofStatus(400, "API key not valid. Please pass a valid API key.").kind())
        .isEqualTo(Setback.Kind.FAILED);
  }

  private static String event(String data) {
    return "data: " + data + "\r\n\r\n";
  }

  private static String parts(String parts, String rest) {
    return "{\"candidates\":[{\"content\":{\"parts\":["
        + parts
        + "],\"role\":\"model\"}"
        + rest
        + "}]}";
  }

  private static Completion end(FinishReason reason) {
    return new Completion(reason, null, null, 0, null, null);
  }

  private static Arguments body(String name, String body, Object... expected) {
    return Arguments.of(name, body, List.of(expected));
  }
}
