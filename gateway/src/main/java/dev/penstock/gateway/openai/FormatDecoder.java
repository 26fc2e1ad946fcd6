package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.turn.StorableText;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code response_format}: {@code {"type":"text"|"json_object"}}, or {@code
 * {"type":"json_schema","json_schema":{"name","schema"}}} (openai-api.md section 4.1).
 */
final class FormatDecoder {
  private static final String PARAM = "response_format";
  private static final int MAX_NAME = 64;

  private FormatDecoder() {}

  /** The format; any text where nothing is said. */
  static ResponseFormat decode(@Nullable JsonNode format) {
    if (format == null) {
      return ResponseFormat.TEXT;
    }
    if (!format.isObject()) {
      throw Members.invalid(PARAM, "an object");
    }
    return switch (format.path("type").asText()) {
      case "text" -> ResponseFormat.TEXT;
      case "json_object" -> new ResponseFormat.Json();
      case "json_schema" -> schema(format.path("json_schema"), PARAM + ".json_schema");
      default -> throw Members.invalid(PARAM + ".type", "one of text, json_object and json_schema");
    };
  }

  /** The schema under {@code name} and {@code schema}, members of {@code holder}. */
  static ResponseFormat schema(JsonNode holder, String param) {
    if (!holder.isObject()) {
      throw Members.invalid(param, "an object");
    }
    var name = holder.path("name");
    if (!name.isTextual() || name.textValue().isBlank() || name.textValue().length() > MAX_NAME) {
      throw Members.invalid(param + ".name", "1 to " + MAX_NAME + " characters");
    }
    if (!holder.path("schema").isObject()) {
      throw Members.invalid(param + ".schema", "a JSON Schema object");
    }
    return new ResponseFormat.Schema(
        StorableText.of(name.textValue()), StorableText.of(holder.path("schema").toString()));
  }
}
