package dev.penstock.proxy.gemini;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** gemini-api.md section 3. */
class GeminiRequestTest {
  @Test
  void writesTheHistoryAndTheOptions() {
    var options =
        new GenerationOptions(0.0, 0.9, 40, 7, List.of("X"), 5L, null, null, null, 0.2, 0.3);
    var history =
        List.of(
            new ChatMessage(Role.SYSTEM, "You are Gem."),
            ChatMessage.showing("What?", List.of(new Image("image/png", "iVBO"))),
            new ChatMessage(Role.ASSISTANT, "A panda."),
            new ChatMessage(Role.ASSISTANT, ""),
            new ChatMessage(Role.USER, "Sure?"),
            new ChatMessage(Role.USER, "Really?"));

    assertThat(body(new Prompt("m", history, options, Think.OFF, 64, false, AnswerForm.PLAIN)))
        .isEqualTo(
            new JsonObject(
                """
                {"systemInstruction":{"parts":[{"text":"You are Gem."}]},
                 "contents":[
                  {"role":"user","parts":[{"text":"What?"},
                   {"inlineData":{"mimeType":"image/png","data":"iVBO"}}]},
                  {"role":"model","parts":[{"text":"A panda."}]},
                  {"role":"user","parts":[{"text":"Sure?"},{"text":"Really?"}]}],
                 "generationConfig":{"maxOutputTokens":64,"temperature":0.0,"topP":0.9,"topK":40,
                  "seed":5,"presencePenalty":0.3,"frequencyPenalty":0.2,"stopSequences":["X"]}}\
                """));
  }

  @Test
  void writesCallsAndTheirResultsByName() {
    var history =
        List.of(
            new ChatMessage(Role.USER, "Look!"),
            ChatMessage.calling(
                "",
                List.of(
                    new ToolCall("call_1", "look", "{\"at\":\"it\"}"),
                    new ToolCall("call_2", "wait", "{}"))),
            ChatMessage.toolResult("call_1", null, "a panda"),
            ChatMessage.toolResult("call_2", null, "{\"ok\":true}"));
    var form =
        AnswerForm.PLAIN
            .withTools(
                List.of(new Tool("look", null, "{\"type\":\"object\"}")), new ToolChoice.Required())
            .withFormat(new ResponseFormat.Schema("x", "{\"type\":\"object\"}"));

    var body =
        body(
            new Prompt(
                "gemini-3-pro", history, GenerationOptions.NONE, Think.LOW, 64, false, form));

    assertThat(body.getJsonArray("contents"))
        .isEqualTo(
            new JsonArray(
                """
                [{"role":"user","parts":[{"text":"Look!"}]},
                 {"role":"model","parts":[
                  {"functionCall":{"name":"look","args":{"at":"it"}},
                   "thoughtSignature":"skip_thought_signature_validator"},
                  {"functionCall":{"name":"wait","args":{}},
                   "thoughtSignature":"skip_thought_signature_validator"}]},
                 {"role":"user","parts":[
                  {"functionResponse":{"name":"look","response":{"result":"a panda"}}},
                  {"functionResponse":{"name":"wait","response":{"ok":true}}}]}]\
                """));
    assertThat(body.getJsonArray("tools"))
        .isEqualTo(
            new JsonArray(
                """
                [{"functionDeclarations":[{"name":"look","description":"look",
                  "parametersJsonSchema":{"type":"object"}}]}]\
                """));
    assertThat(body.getJsonObject("toolConfig").encode()).contains("\"mode\":\"ANY\"");
    assertThat(body.getJsonObject("generationConfig").getJsonObject("responseJsonSchema"))
        .isEqualTo(new JsonObject("{\"type\":\"object\"}"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "gemini-2.5-flash, OFF, 0, -",
        "gemini-2.5-pro, OFF, 128, -",
        "gemini-2.5-pro, ON, -1, -",
        "gemini-2.5-flash, MEDIUM, 8192, -",
        "gemini-3-flash, OFF, -, minimal",
        "gemini-3-pro, OFF, -, low",
        "gemini-3-pro, ON, -, -",
        "gemini-3-pro, MAX, -, high",
      })
  void saysHowMuchToThinkAsTheFamilyDoes(String model, Think think, Integer budget, String level) {
    assertThat(GeminiThinking.of(model, think)).isEqualTo(new GeminiThinking(true, budget, level));
  }

  @Test
  void saysNothingOfThinkingToOthers() {
    assertThat(GeminiThinking.thinks("gemini-2.0-flash")).isFalse();
  }

  private static JsonObject body(Prompt prompt) {
    return GeminiRequest.generate(prompt).toJsonObject();
  }
}
