package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code options} (ollama-api.md section 6). What reloads a model for everybody is checked
 * and not passed on, as is what only Ollama's own server can do; unknown ones are ignored.
 */
final class OptionsDecoder {
  private static final String INTEGER = "integer";
  private static final String FLOAT = "float32";
  private static final String BOOLEAN = "boolean";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("num_ctx", INTEGER),
          Map.entry("num_batch", INTEGER),
          Map.entry("num_gpu", INTEGER),
          Map.entry("main_gpu", INTEGER),
          Map.entry("num_thread", INTEGER),
          Map.entry("num_keep", INTEGER),
          Map.entry("num_predict", INTEGER),
          Map.entry("draft_num_predict", INTEGER),
          Map.entry("seed", INTEGER),
          Map.entry("top_k", INTEGER),
          Map.entry("repeat_last_n", INTEGER),
          Map.entry("temperature", FLOAT),
          Map.entry("top_p", FLOAT),
          Map.entry("min_p", FLOAT),
          Map.entry("typical_p", FLOAT),
          Map.entry("repeat_penalty", FLOAT),
          Map.entry("presence_penalty", FLOAT),
          Map.entry("frequency_penalty", FLOAT),
          Map.entry("use_mmap", BOOLEAN));

  private OptionsDecoder() {}

  /**
   * The options that a generation heeds.
   *
   * @throws OllamaException 500 for a value of the wrong type, as Ollama answers it
   */
  static GenerationOptions decode(@Nullable JsonNode options, @Nullable Think think) {
    if (options == null || !options.isObject()) {
      return GenerationOptions.NONE.withThink(think);
    }
    options.properties().forEach(option -> check(option.getKey(), option.getValue()));
    return new GenerationOptions(
        real(options, "temperature"),
        real(options, "top_p"),
        topK(options),
        maxTokens(options),
        stops(options.path("stop")),
        seed(options),
        think,
        real(options, "min_p"),
        real(options, "repeat_penalty"),
        real(options, "frequency_penalty"),
        real(options, "presence_penalty"));
  }

  private static void check(String name, JsonNode value) {
    var type = TYPES.get(name);
    if (type == null || value.isNull()) {
      return;
    }
    if (type.equals(BOOLEAN) ? !value.isBoolean() : !value.isNumber()) {
      throw wrong("option \"" + name + "\" must be of type " + type);
    }
  }

  private static @Nullable Double real(JsonNode options, String name) {
    var value = options.get(name);
    return value == null || value.isNull() ? null : value.doubleValue();
  }

  /** A fraction is cut off, as Ollama does. */
  private static @Nullable Long whole(JsonNode options, String name) {
    var value = options.get(name);
    return value == null || value.isNull() ? null : (long) value.doubleValue();
  }

  private static @Nullable Integer topK(JsonNode options) {
    var value = whole(options, "top_k");
    return value == null || value < 1 ? null : (int) Math.min(value, Integer.MAX_VALUE);
  }

  /** Negative is "no bound"; the model's own bound holds all the same. */
  private static @Nullable Integer maxTokens(JsonNode options) {
    var value = whole(options, "num_predict");
    return value == null || value < 0 ? null : Math.clamp(value, 1, Integer.MAX_VALUE);
  }

  /** -1 is "any". */
  private static @Nullable Long seed(JsonNode options) {
    var value = options.get("seed");
    if (value == null || value.isNull()) {
      return null;
    }
    var seed = value.canConvertToLong() ? value.longValue() : (long) value.doubleValue();
    return seed == -1 ? null : seed;
  }

  private static @Nullable List<String> stops(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
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
        stops.add(StorableText.of(stop.textValue()));
      }
    }
    return stops.isEmpty() ? null : List.copyOf(stops);
  }

  private static OllamaException wrong(String text) {
    return new OllamaException(new OllamaError(500, text));
  }
}
