package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ResponseFormat;
import org.jspecify.annotations.Nullable;

/** The member {@code format}: {@code "json"} or a JSON Schema object. */
final class Formats {
  private Formats() {}

  /**
   * The format asked for.
   *
   * @throws OllamaException 500 for anything else, as Ollama answers it
   */
  static ResponseFormat parse(@Nullable JsonNode format) {
    if (format == null || (format.isTextual() && format.textValue().isEmpty())) {
      return ResponseFormat.TEXT;
    }
    if (format.isObject()) {
      return new ResponseFormat.Schema(null, format.toString());
    }
    if (format.isTextual() && format.textValue().equals("json")) {
      return new ResponseFormat.Json();
    }
    throw new OllamaException(
        new OllamaError(
            500,
            "invalid format: "
                + quoted(format.toString())
                + "; expected \"json\" or a valid JSON Schema object"));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
