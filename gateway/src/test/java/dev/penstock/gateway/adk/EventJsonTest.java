package dev.penstock.gateway.adk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** adk-api.md sections 5.1 to 5.5. */
class EventJsonTest {
  private static final UUID TURN = UUID.fromString("0199c1e2-8000-7aaa-8bbb-1234567890ab");
  private static final UUID MESSAGE = UUID.fromString("0199c1e2-9000-7aaa-8bbb-1234567890ab");
  private static final Instant AT = Instant.parse("2026-11-21T10:00:00.250Z");

  @Test
  void aFinalEventHasTheWholeTextAndAllThatIsKnown() {
    assertThat(finalEvent(TurnState.COMPLETED, FinishReason.STOP, "Green \"tea\".", null))
        .isEqualTo(
            json(
                """
                {"content":{"parts":[{"text":"Green \\"tea\\"."}],"role":"model"},
                 "usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":3,
                   "totalTokenCount":14},
                 "finishReason":"STOP","modelVersion":"gemma3:270m",
                 "customMetadata":{"some_key":1},
                 "invocationId":"e-0199c1e2-8000-7aaa-8bbb-1234567890ab","author":"gem",
                 "actions":{"stateDelta":{},"artifactDelta":{},"requestedAuthConfigs":{}},
                 "id":"0199c1e2-9000-7aaa-8bbb-1234567890ab","timestamp":1795255200.250}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "STOP,STOP,",
    "TOOL_CALLS,STOP,",
    "LENGTH,MAX_TOKENS,MAX_TOKENS",
    "CONTENT_FILTER,SAFETY,SAFETY"
  })
  void anEndOtherThanItsOwnIsAnErrorCodeToo(
      FinishReason reason, String told, @Nullable String code) {
    var event = finalEvent(TurnState.COMPLETED, reason, "a", null);

    assertThat(event.get("finishReason").asText()).isEqualTo(told);
    assertThat(event.path("errorCode").asText(null)).isEqualTo(code);
  }

  @Test
  void aFailureIsToldBesideTheTextItLeft() {
    var event =
        finalEvent(
            TurnState.FAILED,
            null,
            "half",
            new Turn.Problem(FailureCode.UPSTREAM_TRUNCATED, "It ended early.", true));

    assertThat(event.get("errorCode").asText()).isEqualTo("UPSTREAM_TRUNCATED");
    assertThat(event.get("errorMessage").asText()).isEqualTo("It ended early.");
    assertThat(event.at("/content/parts/0/text").asText()).isEqualTo("half");
    assertThat(event.has("finishReason")).isFalse();
  }

  @Test
  void aStoppedRunIsInterruptedWithOrWithoutText() {
    assertThat(finalEvent(TurnState.CANCELLED, null, "half", null).get("interrupted").asBoolean())
        .isTrue();
    var silent = finalEvent(TurnState.INTERRUPTED, null, null, null);
    assertThat(silent.get("interrupted").asBoolean()).isTrue();
    assertThat(silent.has("content")).isFalse();
  }

  @Test
  void anEmptyAnswerStillEndsWhatWasShownOfIt() {
    assertThat(
            finalEvent(TurnState.COMPLETED, null, null, null)
                .at("/content/parts/0/text")
                .asText(null))
        .isEmpty();
  }

  @Test
  void aCallIsAPartWithItsArgumentsAsAnObject() {
    var called =
        new Finished(
            MESSAGE,
            TURN,
            "",
            List.of(new ToolCall("call_1", "look", "{\"some_arg\":1}")),
            TurnState.COMPLETED,
            FinishReason.TOOL_CALLS,
            null,
            null,
            null,
            null,
            null,
            AT);

    assertThat(EventJson.of(called, "app").at("/content/parts"))
        .isEqualTo(
            json(
                "[{\"functionCall\":{\"id\":\"call_1\",\"name\":\"look\",\"args\":{\"some_arg\":1}}}]"));
  }

  @Test
  void aPartialEventIsOneLineWithAnIdOfItsOwn() {
    var lines = new EventLines(TURN, "ge\"m");
    var text = "x\n\"é\"".getBytes(StandardCharsets.UTF_8);

    var first = lines.partial(text, 1, text.length, AT).toString();
    var second = lines.partial(text, 0, 1, AT).toString();

    assertThat(first).startsWith("data: {").endsWith("}\n\n").containsOnlyOnce("\n\n");
    var event = json(first.substring("data: ".length()));
    assertThat(event)
        .isEqualTo(
            json(
                """
                {"content":{"parts":[{"text":"\\n\\"é\\""}],"role":"model"},"partial":true,
                 "invocationId":"e-0199c1e2-8000-7aaa-8bbb-1234567890ab","author":"ge\\"m",
                 "actions":{"stateDelta":{},"artifactDelta":{},"requestedAuthConfigs":{}},
                 "id":"0199c1e2-8000-7aaa-8bbb-1234567890ab-1","timestamp":1795255200.250}
                """));
    assertThat(json(second.substring("data: ".length())).get("id")).isNotEqualTo(event.get("id"));
  }

  @Test
  void anErrorAloneHasItsTypeItsWordsAndItsTime() {
    var line =
        EventLines.error(Failure.of(FailureCode.UPSTREAM_FAILED, "It broke."), AT).toString();

    assertThat(json(line.substring("data: ".length())))
        .isEqualTo(
            json(
                """
                {"error":"upstream_failed: It broke.",
                 "error_details":{"error_type":"upstream_failed","error_message":"It broke.",
                   "timestamp":1795255200.250}}
                """));
  }

  @Test
  void aKeptEventGetsOnlyWhatItLacks() {
    var own = json("{\"id\":\"i\",\"timestamp\":1.5,\"invocationId\":\"v\",\"author\":\"a\"}");

    assertThat(EventJson.kept(MESSAGE, own, AT).get("id").asText()).isEqualTo("i");
    assertThat(EventJson.kept(MESSAGE, own, AT).get("timestamp").asDouble()).isEqualTo(1.5);
    var bare = EventJson.kept(MESSAGE, json("{\"author\":\"a\"}"), AT);
    assertThat(bare.get("id").asText()).isEqualTo(MESSAGE.toString());
    assertThat(bare.at("/actions/stateDelta").isObject()).isTrue();
  }

  private static JsonNode finalEvent(
      TurnState state,
      @Nullable FinishReason reason,
      @Nullable String text,
      Turn.@Nullable Problem error) {
    var answer =
        new Finished(
            MESSAGE,
            TURN,
            text,
            List.of(),
            state,
            reason,
            new Usage(11, 3, false),
            "gemma3:270m",
            error,
            "gem",
            json("{\"custom_metadata\":{\"some_key\":1}}"),
            AT);
    return json(Objects.requireNonNull(EventJson.of(answer, "app").toString()));
  }

  private static JsonNode json(String text) {
    return Wire.decode(text, JsonNode.class);
  }
}
