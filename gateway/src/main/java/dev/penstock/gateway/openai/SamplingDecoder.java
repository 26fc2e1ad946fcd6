package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads how tokens are chosen, by the names that all requests of this dialect share, with those
 * that clients add: {@code top_k}, {@code min_p} and {@code repeat_penalty} (openai-api.md section
 * 4.1).
 */
final class SamplingDecoder {
  private static final int MAX_STOPS = 4;

  private SamplingDecoder() {}

  /** What is absent stays the model's own. */
  static GenerationOptions decode(
      Members members, @Nullable Integer maxTokens, @Nullable Think think) {
    // Servers of this dialect take -1 and 0 for "no limit".
    var topK = members.integer("top_k", -1, Integer.MAX_VALUE);
    return new GenerationOptions(
        members.number("temperature", 0, 2),
        members.number("top_p", 0, 1),
        topK == null || topK < 1 ? null : topK,
        maxTokens,
        stop(members.find("stop")),
        members.signed64("seed"),
        think,
        members.number("min_p", 0, 1),
        members.number("repeat_penalty", 0, 2),
        members.number("frequency_penalty", -2, 2),
        members.number("presence_penalty", -2, 2));
  }

  private static @Nullable List<String> stop(@Nullable JsonNode stop) {
    var expected = "a string or an array of at most four, none of them empty";
    if (stop == null || (stop.isArray() && stop.isEmpty())) {
      return null;
    }
    if (stop.isArray() && stop.size() > MAX_STOPS) {
      throw Members.invalid("stop", expected);
    }
    var stops = new ArrayList<String>();
    for (var each : stop.isArray() ? stop : List.of(stop)) {
      if (!each.isTextual() || each.textValue().isEmpty()) {
        throw Members.invalid("stop", expected);
      }
      stops.add(StorableText.of(each.textValue()));
    }
    return List.copyOf(stops);
  }
}
