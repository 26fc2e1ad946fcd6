package dev.penstock.gateway.adk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** adk-api.md sections 1 and 4. */
class RunRequestTest {
  private static final String CAMEL =
      """
      {"appName":"chat","userId":"user","sessionId":"s",
       "newMessage":{"role":"user","parts":[{"text":"hello there"}]},
       "streaming":true,"stateDelta":null}
      """;

  @Test
  void takesWhatAdkWebSends() {
    var request = read(CAMEL, null);

    assertThat(request.session()).isEqualTo(new AgentSession.Key("chat", "user", "s"));
    assertThat(request.text()).isEqualTo("hello there");
    assertThat(request.streaming()).isTrue();
    assertThat(request.stateDelta()).isNull();
    assertThat(request.customMetadata()).isNull();
  }

  @Test
  void takesEitherSpellingCamelCaseFirstAndLeavesFreeMapsAsTheyAre() {
    var request =
        read(
            """
            {"app_name":"no","appName":"chat","user_id":"user","sessionId":"s","service_tier":1,
             "new_message":{"parts":[{"text":"a","thought":false},{"text":"b"}]},
             "state_delta":{"some_key":{"innerKey":1}},"customMetadata":{"a_b":null},
             "invocation_id":"e-1","function_call_event_id":"x","nobody":"knows"}
            """,
            null);

    assertThat(request.session().app()).isEqualTo("chat");
    assertThat(request.text()).isEqualTo("a\nb");
    assertThat(request.streaming()).isFalse();
    assertThat(request.stateDelta()).isEqualTo(json("{\"some_key\":{\"innerKey\":1}}"));
    assertThat(request.customMetadata()).isEqualTo(json("{\"a_b\":null}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "userId":"user"                      |                        | missing     | body,userId
          "userId":"user"                      | "userId":7             | string_type | body,userId
          "sessionId":"s"                      | "sessionId":null       | missing     | body,sessionId
          "streaming":true                     | "streaming":"yes"      | bool_type   | body,streaming
          "stateDelta":null                    | "stateDelta":[]        | dict_type   | body,stateDelta
          "stateDelta":null                    | "custom_metadata":"x"  | dict_type   | body,customMetadata
          "role":"user"                        | "role":"model"         | literal_error | body,newMessage,role
          "parts":[{"text":"hello there"}]     | "parts":[]             | value_error | body,newMessage,parts
          "parts":[{"text":"hello there"}]     | "parts":[{"text":" "}] | value_error | body,newMessage,parts
          "parts":[{"text":"hello there"}]     | "parts":{}             | list_type   | body,newMessage,parts
          {"text":"hello there"}               | {"text":1}             | string_type | body,newMessage,parts,0,text
          {"text":"hello there"}               | {"text":"a"},{"inline_data":{}} | unsupported_part | body,newMessage,parts,1,inlineData
          {"text":"hello there"}               | {"functionResponse":{}} | unsupported_part | body,newMessage,parts,0,functionResponse
          """)
  void namesWhatIsWrongAsFastApiDoes(
      String part, @Nullable String instead, String type, String loc) {
    var body = CAMEL.replace(part, instead == null ? "\"x\":1" : instead);

    assertThatThrownBy(() -> read(body, null))
        .isInstanceOfSatisfying(
            AdkException.class,
            wrong -> {
              assertThat(wrong.status()).isEqualTo(422);
              var fault = wrong.detail().get(0);
              assertThat(fault.get("type").asText()).isEqualTo(type);
              assertThat(fault.get("loc").toString().replaceAll("[\"\\[\\]]", "")).isEqualTo(loc);
              assertThat(fault.get("msg").asText()).isNotBlank();
              assertThat(fault.has("input")).isTrue();
            });
  }

  @Test
  void namesEveryFaultAtOnce() {
    assertThatThrownBy(() -> read("{}", "chat"))
        .isInstanceOfSatisfying(AdkException.class, wrong -> assertThat(wrong.detail()).hasSize(3));
  }

  @Test
  void refusesATextThatIsLongerThanIsKept() {
    assertThatThrownBy(() -> read(CAMEL.replace("hello there", "ü".repeat(131_073)), null))
        .isInstanceOfSatisfying(
            AdkException.class,
            wrong ->
                assertThat(wrong.detail().toString()).contains("too_long").hasSizeLessThan(500));
  }

  @Test
  void needsAnAppUnlessOneIsConfigured() {
    var body = CAMEL.replace("\"appName\":\"chat\",", "");

    assertThat(read(body, "preset").session().app()).isEqualTo("preset");
    assertThatThrownBy(() -> read(body, null))
        .isInstanceOfSatisfying(
            AdkException.class,
            wrong -> {
              assertThat(wrong.status()).isEqualTo(400);
              assertThat(wrong.detail().asText()).contains("app_name is required");
            });
  }

  @Test
  void resumesNoInvocation() {
    var body = "{\"appName\":\"a\",\"userId\":\"u\",\"sessionId\":\"s\",\"invocationId\":\"e-1\"}";

    assertThatThrownBy(() -> read(body, null))
        .isInstanceOfSatisfying(
            AdkException.class, wrong -> assertThat(wrong.status()).isEqualTo(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"text\"", "null", "1"})
  void aBodyIsAnObject(String body) {
    assertThatThrownBy(() -> read(body, null))
        .isInstanceOfSatisfying(
            AdkException.class, wrong -> assertThat(wrong.status()).isEqualTo(422));
  }

  private static RunRequest read(String body, @Nullable String defaultApp) {
    return RunRequest.of(json(body), defaultApp);
  }

  private static JsonNode json(String text) {
    return Wire.decode(text, JsonNode.class);
  }
}
