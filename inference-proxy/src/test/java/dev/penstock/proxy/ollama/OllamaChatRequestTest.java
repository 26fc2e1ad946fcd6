package dev.penstock.proxy.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
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

  private static Prompt prompt(GenerationOptions options, Think think) {
    return new Prompt(
        "m",
        List.of(new ChatMessage(Role.SYSTEM, "Be brief."), new ChatMessage(Role.USER, "Grüße 🐼")),
        options,
        think,
        128,
        AnswerForm.PLAIN);
  }
}
