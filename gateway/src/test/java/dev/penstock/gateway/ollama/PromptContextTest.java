package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.wire.Wire;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A context says again what it was made of, and nothing else passes for one. */
class PromptContextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "B", "Bl", "Blu", "Blue", "Grüße 🐼", "two\nlines"})
  void holdsTheConversationAndItsAnswer(String answer) {
    var asked =
        List.of(
            new ChatMessage(Role.SYSTEM, "Be short."),
            new ChatMessage(Role.USER, "Which colour?"),
            new ChatMessage(Role.ASSISTANT, ""));

    var decoded = PromptContext.decode(json(PromptContext.encode(asked, answer)));

    assertThat(decoded)
        .startsWith(asked.toArray(ChatMessage[]::new))
        .endsWith(new ChatMessage(Role.ASSISTANT, answer))
        .hasSize(4);
  }

  @Test
  void isEmptyForNone() {
    assertThat(PromptContext.decode(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[2,105,2364]",
        "[7365998]",
        "[1.5]",
        "[\"a\"]",
        "[7365998,1]",
        "[7365998,-1]",
        "[7365998,1,16777215]",
        "[7365998,1,7864320]",
        "[7365998,2,7864320]",
      })
  void refusesWhatItDidNotMake(String numbers) {
    var context = Wire.decode(numbers, JsonNode.class);

    assertThatThrownBy(() -> PromptContext.decode(context))
        .isInstanceOf(OllamaException.class)
        .hasMessageStartingWith("context must be");
  }

  private static JsonNode json(int[] numbers) {
    return Wire.decode(Arrays.toString(numbers), JsonNode.class);
  }
}
