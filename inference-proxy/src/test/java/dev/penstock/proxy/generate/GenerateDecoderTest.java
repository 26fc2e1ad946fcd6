package dev.penstock.proxy.generate;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.proxy.exchange.Reading;
import dev.penstock.proxy.generation.Completion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** tutorials.md section 2. */
class GenerateDecoderTest {
  private static final String PROMPT =
      "<start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n";
  private static final Reading READING = new Reading(told -> new GenerateDecoder(told, PROMPT));
  private static final Completion END =
      new Completion(FinishReason.STOP, null, null, 0, null, null);

  static Stream<Arguments> bodies() {
    return Stream.of(
        body("a repeated prompt", document("predictions", PROMPT + "Grüße 🐼"), "Grüße 🐼", END),
        body("vLLM's own word", document("text", PROMPT + "a"), "a", END),
        body(
            "a prompt with headings",
            document("predictions", "Prompt:\n" + PROMPT.strip() + "\nOutput:\na"),
            "a",
            END),
        body("a heading alone", document("predictions", PROMPT + "Output:\na"), "a", END),
        body("no prompt", document("predictions", "a"), "a", END),
        body(
            "a next turn",
            document("predictions", PROMPT + "a<end_of_turn>\n<start_of_turn>user\nb"),
            "a",
            END),
        body("no answer", document("predictions", PROMPT), END),
        body("half a document", "{\"predictions\":[\"a", FailureCode.UPSTREAM_TRUNCATED),
        body("nothing at all", "", FailureCode.UPSTREAM_TRUNCATED),
        body("garbage", "<html>", FailureCode.UPSTREAM_PROTOCOL),
        body("another document", "{\"a\":1}", FailureCode.UPSTREAM_PROTOCOL),
        body("no text", "{\"predictions\":[]}", FailureCode.UPSTREAM_PROTOCOL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void readsTheSameWhereverTheBytesAreCut(String name, String body, List<Object> expected) {
    READING.sayWhereverCut(body, expected);
  }

  private static String document(String member, String text) {
    return new JsonObject().put(member, new JsonArray().add(text)).encode();
  }

  private static Arguments body(String name, String body, Object... expected) {
    return Arguments.of(name, body, List.of(expected));
  }
}
