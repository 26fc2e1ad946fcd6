package dev.penstock.simulator.wire;

import dev.penstock.gojson.GoStruct;
import io.vertx.core.buffer.Buffer;

/**
 * Body of {@code POST /api/show}.
 *
 * @param model as {@code model}, or as {@code name} by old clients; empty if neither is there
 */
public record ModelRequest(String model) {
  /**
   * Parses the body.
   *
   * @throws OllamaError 400
   */
  public static ModelRequest parse(Buffer bytes) {
    var body = GoStruct.parse("ShowRequest", bytes.getBytes());
    var model = body.text("model");
    return new ModelRequest(model.isEmpty() ? body.text("name") : model);
  }
}
