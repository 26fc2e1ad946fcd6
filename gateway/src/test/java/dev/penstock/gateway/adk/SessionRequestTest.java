package dev.penstock.gateway.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** adk-api.md section 3.1. */
class SessionRequestTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null                                   | {}
          {}                                     | {}
          {"state":{"a":1}}                      | {"a":1}
          {"state":null,"options":{}}            | {}
          {"state":{"a":1},"session_id":"other"} | {"a":1}
          {"a":1}                                | {"a":1}
          {"state":{"a":1},"b":2}                | {"state":{"a":1},"b":2}
          {"some_key":{"state":1}}               | {"some_key":{"state":1}}
          """)
  void aBodyUnderAnIdIsTheWrapperOrTheStateItself(String body, String state) {
    var request = SessionRequest.of("s", json(body));

    assertThat(request.id()).isEqualTo("s");
    assertThat(request.state()).isEqualTo(json(state));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "{\"session_id\":\"  \"}", "{\"sessionId\":null}"})
  void makesAnIdWhereNoneIsGiven(String body) {
    assertThat(UUID.fromString(SessionRequest.of(json(body)).id()).version()).isEqualTo(4);
  }

  @Test
  void takesTheGivenIdWithoutTheSpaceAroundIt() {
    assertThat(SessionRequest.of(json("{\"session_id\":\" a b \"}")).id()).isEqualTo("a b");
  }

  @Test
  void keepsOfEventsWhatAnEventMayHold() {
    var request =
        SessionRequest.of(
            json(
                """
                {"events":[
                  {"author":"user","invocation_id":"e-1","id":null,"my_own":1,"partial":false,
                   "actions":{"state_delta":{},"skip_summarization":null},
                   "content":{"role":"user","parts":[
                     {"function_call":{"name":"f","args":{"some_arg":1}},"x":1},
                     {"inline_data":{"mime_type":"a/b","data":"","y":1}}]}},
                  {"author":"bot","partial":true,"content":{"parts":[{"text":"gone"}]}}]}
                """));

    assertThat(request.events())
        .singleElement()
        .isEqualTo(
            json(
                """
                {"invocationId":"e-1","author":"user",
                 "content":{"role":"user","parts":[
                   {"functionCall":{"name":"f","args":{"some_arg":1}}},
                   {"inlineData":{"mimeType":"a/b","data":""}}]}}
                """));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"author\":\"a\",\"long_running_tool_ids\":[\"x\"]}",
        "{\"author\":\"a\",\"actions\":{\"stateDelta\":{\"a\":1}}}",
        "{\"author\":\"a\",\"actions\":{\"escalate\":true}}",
        "{\"author\":\"a\",\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"adk_request_credential\"}}]}}"
      })
  void refusesAnEventThatCannotBeginASession(String event) {
    var body = json("{\"events\":[{\"author\":\"user\"}," + event + "]}");

    assertThatThrownBy(() -> SessionRequest.of(body))
        .isInstanceOfSatisfying(
            AdkException.class,
            wrong -> {
              assertThat(wrong.status()).isEqualTo(400);
              assertThat(wrong.detail().asText())
                  .startsWith("Session initialization event 1 cannot include ");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"state\":[]}",
        "{\"events\":{}}",
        "{\"events\":[1]}",
        "{\"events\":[{}]}",
        "{\"session_id\":7}"
      })
  void namesWhatIsWrong(String body) {
    assertThatThrownBy(() -> SessionRequest.of(json(body)))
        .isInstanceOfSatisfying(
            AdkException.class, wrong -> assertThat(wrong.status()).isEqualTo(422));
  }

  private static JsonNode json(String text) {
    return Wire.decode(text, JsonNode.class);
  }
}
