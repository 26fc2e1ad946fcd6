package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The value of {@code format}: {@code "json"} or a JSON Schema. */
final class Format {
  private Format() {}

  /**
   * What the answer must conform to: a schema's object, the text {@code json}, or null for nothing.
   *
   * @throws OllamaError 500 with Ollama's text for anything else
   */
  static @Nullable JsonNode checked(@Nullable JsonNode format) {
    if (format == null || (format.isTextual() && format.textValue().isEmpty())) {
      return null;
    }
    if (format.isObject() || "json".equals(format.textValue())) {
      return format;
    }
    var quoted = new StringBuilder();
    GoJson.appendString(quoted, format.toString());
    throw new OllamaError(
        500, "invalid format: " + quoted + "; expected \"json\" or a valid JSON Schema object");
  }
}
