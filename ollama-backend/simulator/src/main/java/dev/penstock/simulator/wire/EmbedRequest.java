package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gojson.GoStruct;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/embed}.
 *
 * @param inputs empty to load only
 * @param truncate an input too long is cut rather than refused
 * @param dimensions 0 for the model's own
 * @param keepAlive null where the request names none
 */
public record EmbedRequest(
    String model,
    List<String> inputs,
    boolean truncate,
    int dimensions,
    @Nullable Duration keepAlive) {

  /**
   * Parses the body.
   *
   * @throws OllamaError 400
   */
  public static EmbedRequest parse(Buffer bytes) {
    var body = GoStruct.parse("EmbedRequest", bytes.getBytes());
    return new EmbedRequest(
        body.text("model"),
        inputs(body.find("input")),
        body.flag("truncate", true),
        body.number("dimensions"),
        KeepAlive.parse(body.find("keep_alive")));
  }

  private static List<String> inputs(@Nullable JsonNode input) {
    if (input == null || (input.isTextual() && input.textValue().isEmpty())) {
      return List.of();
    }
    if (input.isTextual()) {
      return List.of(input.textValue());
    }
    var inputs = new ArrayList<String>();
    for (var each : input) {
      if (!each.isTextual()) {
        throw invalid();
      }
      inputs.add(each.textValue());
    }
    if (!input.isArray()) {
      throw invalid();
    }
    return inputs;
  }

  private static OllamaError invalid() {
    return OllamaError.badRequest("invalid input type");
  }
}
