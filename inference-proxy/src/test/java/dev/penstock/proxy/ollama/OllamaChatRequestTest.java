package dev.penstock.proxy.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** openai-api.md section 11, ollama-api.md sections 4 and 17. */
class OllamaChatRequestTest {
  private static final GenerationOptions ALL =
      new GenerationOptions(
          0.7, 0.95, 64, 512, List.of("\n\n"), -7L, Think.HIGH, 0.1, 1.1, 0.2, 0.3);

  private static final List<ChatMessage> HISTORY =
      List.of(new ChatMessage(Role.SYSTEM, "Be brief."), new ChatMessage(Role.USER, "Grüße 🐼"));

  static Stream<Buffer> everyChatBody() {
    return Stream.of(
        OllamaChatRequest.chat(prompt(GenerationOptions.NONE, Think.OFF)),
        OllamaChatRequest.chat(prompt(ALL, Think.HIGH)),
        OllamaChatRequest.load("m"),
        OllamaChatRequest.renderMarker("m"));
  }

  @ParameterizedTest
  @MethodSource("everyChatBody")
  void neverAsksForWhatReloadsTheModel(Buffer body) {
    var json = body.toJsonObject();

    assertThat(json.getBoolean("truncate")).isFalse();
    assertThat(json.getBoolean("shift")).isFalse();
    assertThat(json.getMap()).containsKey("think").doesNotContainKey("keep_alive");
    assertThat(json.getJsonObject("options", new JsonObject()).fieldNames())
        .doesNotContain("num_ctx", "num_batch", "num_gpu", "num_thread", "use_mmap");
  }

  @Test
  void sendsTheConversationAndEveryOptionUnderOllamasName() {
    var json = OllamaChatRequest.chat(prompt(ALL, Think.HIGH)).toJsonObject();

    assertThat(json)
        .isEqualTo(
            new JsonObject(
                """
                {"model":"m","messages":[{"role":"system","content":"Be brief."},
                 {"role":"user","content":"Grüße 🐼"}],"stream":true,"think":"high",
                 "truncate":false,"shift":false,
                 "options":{"num_predict":128,"temperature":0.7,"top_p":0.95,"top_k":64,
                 "min_p":0.1,"seed":-7,"repeat_penalty":1.1,"frequency_penalty":0.2,
                 "presence_penalty":0.3,"stop":["\\n\\n"]}}
                """));
  }

  @Test
  void alwaysBoundsTheAnswer() {
    var json = OllamaChatRequest.chat(prompt(GenerationOptions.NONE, Think.OFF)).toJsonObject();

    assertThat(json.getJsonObject("options")).isEqualTo(new JsonObject().put("num_predict", 128));
    assertThat(json.getBoolean("think")).isFalse();
  }

  @Test
  void sendsImagesCallsAndTheirResultsWithTheToolsNameWhereOnlyTheCallTellsIt() {
    var history =
        List.of(
            ChatMessage.showing("What is it?", List.of(new Image("image/png", "iVBORw0KGgo="))),
            ChatMessage.calling(
                "Let me look.",
                List.of(
                    new ToolCall("call_1", "look", "{\"z\":1, \"a\":[\"\\u00e9\"]}"),
                    new ToolCall("call_2", "now", "{}"))),
            ChatMessage.toolResult("call_1", null, "A panda."),
            ChatMessage.toolResult(null, "now", "Noon."));

    assertThat(chat(history, AnswerForm.PLAIN).getJsonArray("messages"))
        .isEqualTo(
            new JsonArray(
                """
                [{"role":"user","content":"What is it?","images":["iVBORw0KGgo="]},
                 {"role":"assistant","content":"Let me look.","tool_calls":[
                  {"id":"call_1","function":{"index":0,"name":"look",
                   "arguments":{"z":1,"a":["\\u00e9"]}}},
                  {"id":"call_2","function":{"index":1,"name":"now","arguments":{}}}]},
                 {"role":"tool","content":"A panda.","tool_name":"look","tool_call_id":"call_1"},
                 {"role":"tool","content":"Noon.","tool_name":"now"}]
                """));
  }

  @Test
  void offersToolsWithTheirSchemasAsTheyAre() {
    var tools =
        List.of(
            new Tool("look", "Looks.", "{\"type\":\"object\",\"required\":[\"a\"]}"),
            new Tool("now", null, null));
    var form = AnswerForm.PLAIN.withTools(tools, ToolChoice.AUTO);

    assertThat(chat(HISTORY, form).getJsonArray("tools"))
        .isEqualTo(
            new JsonArray(
                """
                [{"type":"function","function":{"name":"look","description":"Looks.",
                  "parameters":{"type":"object","required":["a"]}}},
                 {"type":"function","function":{"name":"now",
                  "parameters":{"type":"object","properties":{}}}}]
                """));
    assertThat(chat(HISTORY, form.withTools(tools, new ToolChoice.None())).getMap())
        .doesNotContainKey("tools");
  }

  @Test
  void asksForAFormatAndForProbabilities() {
    var schema = new ResponseFormat.Schema("panda", "{\"type\":\"object\"}");

    assertThat(chat(HISTORY, AnswerForm.PLAIN.withFormat(new ResponseFormat.Json())).getMap())
        .containsEntry("format", "json")
        .doesNotContainKeys("logprobs", "top_logprobs", "tools");
    assertThat(chat(HISTORY, AnswerForm.PLAIN.withFormat(schema)).getJsonObject("format"))
        .isEqualTo(new JsonObject().put("type", "object"));
    assertThat(chat(HISTORY, AnswerForm.PLAIN.withLogprobs(3)).getMap())
        .containsEntry("logprobs", true)
        .containsEntry("top_logprobs", 3);
  }

  /** ollama-api.md has no member for it, and what it does not know it ignores. */
  @Test
  void refusesToMakeAModelCallATool() {
    var tools = List.of(new Tool("now", null, null));

    assertThat(OllamaAnswerForm.refusal(AnswerForm.PLAIN.withTools(tools, ToolChoice.AUTO)))
        .isEmpty();
    for (var choice : List.of(new ToolChoice.Required(), new ToolChoice.Named("now"))) {
      assertThat(OllamaAnswerForm.refusal(AnswerForm.PLAIN.withTools(tools, choice)))
          .hasValueSatisfying(
              refusal -> assertThat(refusal.code()).isEqualTo(FailureCode.INVALID_REQUEST));
    }
  }

  private static JsonObject chat(List<ChatMessage> history, AnswerForm form) {
    return OllamaChatRequest.chat(
            new Prompt("m", history, GenerationOptions.NONE, Think.OFF, 128, false, form))
        .toJsonObject();
  }

  private static Prompt prompt(GenerationOptions options, Think think) {
    return new Prompt("m", HISTORY, options, think, 128, false, AnswerForm.PLAIN);
  }
}
