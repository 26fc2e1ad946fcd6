package dev.penstock.proxy.openai;

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
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatCompletionRequestTest {
  private static final List<ChatMessage> HISTORY =
      List.of(
          new ChatMessage(Role.SYSTEM, "You are Gem."), new ChatMessage(Role.USER, "Hi \"you\""));

  @Test
  void asksForAStreamWithItsUsageAndABound() {
    assertThat(body(prompt(HISTORY, AnswerForm.PLAIN, Think.OFF, false)))
        .isEqualTo(
            new JsonObject(
                """
                {"model":"m","messages":[{"role":"system","content":"You are Gem."},
                 {"role":"user","content":"Hi \\"you\\""}],
                 "stream":true,"stream_options":{"include_usage":true},"max_tokens":64}\
                """));
  }

  @Test
  void givesEveryOptionTheNamesThatServersHaveForIt() {
    var options =
        new GenerationOptions(0.0, 0.9, 40, 7, List.of("X"), 5L, null, 0.1, 1.1, 0.2, 0.3);
    var body = body(new Prompt("m", HISTORY, options, Think.OFF, 64, false, AnswerForm.PLAIN));

    assertThat(body.getDouble("temperature")).isZero();
    assertThat(body.getInteger("top_k")).isEqualTo(40);
    assertThat(body.getDouble("min_p")).isEqualTo(0.1);
    assertThat(body.getDouble("repetition_penalty")).isEqualTo(1.1);
    assertThat(body.getDouble("repeat_penalty")).isEqualTo(1.1);
    assertThat(body.getInteger("max_tokens")).isEqualTo(64);
    assertThat(body.getJsonArray("stop")).containsExactly("X");
    assertThat(body.getInteger("seed")).isEqualTo(5);
  }

  @Test
  void asksToGoOnOnlyWhereThatIsMeant() {
    var partial = List.of(HISTORY.getLast(), new ChatMessage(Role.ASSISTANT, "Bam"));

    var continued = body(prompt(partial, AnswerForm.PLAIN, Think.OFF, true));
    var begun = body(prompt(partial, AnswerForm.PLAIN, Think.OFF, false));

    assertThat(continued.getBoolean("continue_final_message")).isTrue();
    assertThat(continued.getBoolean("add_generation_prompt")).isFalse();
    assertThat(begun.containsKey("continue_final_message")).isFalse();
  }

  @Test
  void writesImagesCallsAndResults() {
    var history =
        List.of(
            ChatMessage.showing("What?", List.of(new Image("image/png", "iVBO"))),
            ChatMessage.calling("", List.of(new ToolCall("call_1", "look", "{\"at\":\"it\"}"))),
            ChatMessage.toolResult("call_1", null, "a panda"),
            ChatMessage.toolResult(null, "look", "two"));

    assertThat(body(prompt(history, AnswerForm.PLAIN, Think.OFF, false)).getJsonArray("messages"))
        .isEqualTo(
            new JsonArray(
                """
                [{"role":"user","content":[{"type":"text","text":"What?"},
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]},
                 {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",
                  "function":{"name":"look","arguments":"{\\"at\\":\\"it\\"}"}}]},
                 {"role":"tool","content":"a panda","tool_call_id":"call_1","name":"look"},
                 {"role":"tool","content":"two","tool_call_id":"call_1","name":"look"}]\
                """));
  }

  @Test
  void offersToolsAndHoldsTheFormat() {
    var form =
        AnswerForm.PLAIN
            .withTools(List.of(new Tool("look", "Looks.", null)), new ToolChoice.Named("look"))
            .withFormat(new ResponseFormat.Schema(null, "{\"type\":\"object\"}"))
            .withLogprobs(2);
    var body = body(prompt(HISTORY, form, Think.HIGH, false));

    assertThat(body.getJsonArray("tools"))
        .isEqualTo(
            new JsonArray(
                """
                [{"type":"function","function":{"name":"look","description":"Looks.",
                  "parameters":{"type":"object","properties":{}}}}]\
                """));
    assertThat(body.getJsonObject("tool_choice").getJsonObject("function").getString("name"))
        .isEqualTo("look");
    assertThat(body.getJsonObject("response_format"))
        .isEqualTo(
            new JsonObject(
                """
                {"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}\
                """));
    assertThat(body.getInteger("top_logprobs")).isEqualTo(2);
    assertThat(body.getString("reasoning_effort")).isEqualTo("high");
  }

  /** vLLM's wordings of three years, and TGI's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "This model's maximum context length is 100 tokens. However, you requested 104 tokens (40"
            + " in the messages, 64 in the completion). | 60",
        "'max_tokens' is too large: 64. This model's maximum context length is 100 tokens and your"
            + " request has 40 input tokens (64 > 100 - 40). | 60",
        "maximum context length is 100 tokens. However, your request has 40 input tokens plus 64"
            + " 'max_tokens' | 60",
        "`inputs` tokens + `max_new_tokens` must be <= 100. Given: 40 `inputs` tokens and 64"
            + " `max_new_tokens` | 60",
      })
  void asksForAsMuchAsThereIsRoomForWhenTheBoundDoesNotFit(String error, int room) {
    var prompt = prompt(HISTORY, AnswerForm.PLAIN, Think.OFF, false);

    assertThat(Objects.requireNonNull(AnswerRoom.fitting(prompt, 400, error)).maxTokens())
        .isEqualTo(room);
    assertThat(AnswerRoom.fitting(prompt, 400, error.replace("100", "40"))).isNull();
    assertThat(AnswerRoom.fitting(prompt, 500, error)).isNull();
  }

  private static Prompt prompt(
      List<ChatMessage> history, AnswerForm form, Think think, boolean continues) {
    return new Prompt("m", history, GenerationOptions.NONE, think, 64, continues, form);
  }

  private static JsonObject body(Prompt prompt) {
    return ChatCompletionRequest.chat(prompt).toJsonObject();
  }
}
