package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The {@code options} of a request that the simulator heeds; the rest are checked for their type
 * alone, and unknown ones ignored, as Ollama does.
 *
 * @param numPredict most tokens to generate; negative for no bound of the request's
 * @param seed empty for the server's own
 * @param stop texts that end the answer and are not part of it
 */
public record RequestOptions(int numPredict, OptionalLong seed, List<String> stop) {
  private enum Type {
    INTEGER("integer"),
    FLOAT("float32"),
    BOOLEAN("boolean");

    private final String name;

    Type(String name) {
      this.name = name;
    }

    boolean accepts(JsonNode value) {
      return this == BOOLEAN ? value.isBoolean() : value.isNumber();
    }
  }

  private static final Map<String, Type> TYPES =
      Map.ofEntries(
          Map.entry("num_ctx", Type.INTEGER),
          Map.entry("num_batch", Type.INTEGER),
          Map.entry("num_gpu", Type.INTEGER),
          Map.entry("main_gpu", Type.INTEGER),
          Map.entry("num_thread", Type.INTEGER),
          Map.entry("num_keep", Type.INTEGER),
          Map.entry("num_predict", Type.INTEGER),
          Map.entry("draft_num_predict", Type.INTEGER),
          Map.entry("seed", Type.INTEGER),
          Map.entry("top_k", Type.INTEGER),
          Map.entry("repeat_last_n", Type.INTEGER),
          Map.entry("temperature", Type.FLOAT),
          Map.entry("top_p", Type.FLOAT),
          Map.entry("min_p", Type.FLOAT),
          Map.entry("typical_p", Type.FLOAT),
          Map.entry("repeat_penalty", Type.FLOAT),
          Map.entry("presence_penalty", Type.FLOAT),
          Map.entry("frequency_penalty", Type.FLOAT),
          Map.entry("use_mmap", Type.BOOLEAN));

  /**
   * Reads the options.
   *
   * @throws OllamaError 500 for a value of the wrong type, as Ollama answers it
   */
  static RequestOptions parse(@Nullable JsonNode options) {
    if (options == null || !options.isObject()) {
      return new RequestOptions(-1, OptionalLong.empty(), List.of());
    }
    options.properties().forEach(option -> check(option.getKey(), option.getValue()));
    var seed = options.path("seed").asLong(-1);
    return new RequestOptions(
        options.path("num_predict").asInt(-1),
        seed == -1 ? OptionalLong.empty() : OptionalLong.of(seed),
        stops(options.path("stop")));
  }

  private static void check(String name, JsonNode value) {
    var type = TYPES.get(name);
    if (type != null && !value.isNull() && !type.accepts(value)) {
      throw wrong("option \"" + name + "\" must be of type " + type.name);
    }
  }

  private static List<String> stops(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong("option \"stop\" must be of type array");
    }
    var stops = new ArrayList<String>();
    for (var stop : value) {
      if (!stop.isTextual()) {
        throw wrong("option \"stop\" must be of an array of strings");
      }
      if (!stop.textValue().isEmpty()) {
        stops.add(stop.textValue());
      }
    }
    return List.copyOf(stops);
  }

  private static OllamaError wrong(String text) {
    return new OllamaError(500, text);
  }
}
