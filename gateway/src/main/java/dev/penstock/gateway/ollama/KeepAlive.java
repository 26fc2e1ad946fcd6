package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gojson.GoDuration;
import org.jspecify.annotations.Nullable;

/**
 * {@code keep_alive}: seconds as a number, or a Go duration (ollama-api.md section 8). It is
 * checked and not passed on, since the last request that names one sets it for everybody.
 */
final class KeepAlive {
  private KeepAlive() {}

  /**
   * Whether the member asks for the model to be unloaded.
   *
   * @throws OllamaException 400 with Go's text for what is no duration
   */
  static boolean isZero(@Nullable JsonNode value) {
    if (value == null) {
      return false;
    }
    if (value.isNumber()) {
      return value.doubleValue() == 0;
    }
    if (value.isTextual()) {
      return GoDuration.parse(value.textValue()).isZero();
    }
    throw OllamaException.badRequest(
        "Unsupported type: '" + (value.isBoolean() ? "bool" : "map[string]interface {}") + "'");
  }
}
