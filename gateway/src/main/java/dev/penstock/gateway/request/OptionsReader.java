package dev.penstock.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code options} of sessions and turns, with the ranges of native-api.md section 3. */
public final class OptionsReader {
  private static final int MAX_STOPS = 4;
  private static final int MAX_STOP_LENGTH = 64;

  private OptionsReader() {}

  /** Never null; {@code NONE} where the member is absent. */
  public static GenerationOptions read(Members in) {
    return in.object("options", GenerationOptions.NONE, OptionsReader::options);
  }

  private static GenerationOptions options(Members in) {
    return new GenerationOptions(
        in.number("temperature", 0, 2),
        in.number("top_p", 0, 1),
        integer(in.integer("top_k", 1, 1000)),
        integer(in.integer("max_tokens", 1, Integer.MAX_VALUE)),
        stop(in),
        in.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        think(in),
        null,
        null,
        null,
        null);
  }

  private static @Nullable Integer integer(@Nullable Long value) {
    return value == null ? null : value.intValue();
  }

  private static @Nullable List<String> stop(Members in) {
    var node = in.find("stop");
    if (node == null) {
      return null;
    }
    var stops = new ArrayList<String>();
    if (node.isArray() && node.size() <= MAX_STOPS) {
      for (var each : node) {
        if (each.isTextual() && Texts.hasCodePoints(each.textValue(), 1, MAX_STOP_LENGTH)) {
          stops.add(StorableText.of(each.textValue()));
        }
      }
      if (stops.size() == node.size()) {
        return stops;
      }
    }
    in.wrong("stop", "at most " + MAX_STOPS + " texts of 1 to " + MAX_STOP_LENGTH + " characters");
    return null;
  }

  private static @Nullable Think think(Members in) {
    var node = in.find("think");
    if (node == null) {
      return null;
    }
    try {
      var think = Think.of(wire(node));
      if (think != Think.MAX) {
        return think;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    in.wrong("think", "true, false, low, medium or high");
    return null;
  }

  private static Object wire(JsonNode node) {
    return node.isBoolean() ? node.booleanValue() : node.isTextual() ? node.textValue() : node;
  }
}
