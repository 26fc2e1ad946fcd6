package dev.penstock.simulator.wire;

import dev.penstock.gojson.GoStruct;
import java.util.Optional;
import java.util.Set;

/** The value of {@code think}: a flag or a level, and a level is on. */
final class Think {
  private static final Set<String> LEVELS = Set.of("high", "medium", "low", "max");

  private Think() {}

  /**
   * Whether the request asks to think; empty where it leaves that to the model.
   *
   * @throws OllamaError 400 with Ollama's text
   */
  static Optional<Boolean> parse(GoStruct body) {
    var value = body.find("think");
    if (value == null) {
      return Optional.empty();
    }
    if (value.isBoolean()) {
      return Optional.of(value.booleanValue());
    }
    if (value.isTextual() && LEVELS.contains(value.textValue())) {
      return Optional.of(true);
    }
    throw OllamaError.badRequest(
        "invalid think value: "
            + value
            + " (must be \"high\", \"medium\", \"low\", \"max\", true, or false)");
  }
}
