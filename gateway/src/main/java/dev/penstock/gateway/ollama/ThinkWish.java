package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Think;
import org.jspecify.annotations.Nullable;

/** The member {@code think}: a flag or a level (ollama-api.md section 4). */
final class ThinkWish {
  private ThinkWish() {}

  /**
   * What the request asks for; null leaves it to the model.
   *
   * @throws OllamaException 400 with Ollama's text
   */
  static @Nullable Think parse(@Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    try {
      if (value.isBoolean()) {
        return Think.of(value.booleanValue());
      }
      if (value.isTextual()) {
        return Think.of(value.textValue());
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw OllamaException.badRequest(
        "invalid think value: "
            + value
            + " (must be \"high\", \"medium\", \"low\", \"max\", true, or false)");
  }
}
