package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /v1/embeddings} (openai-api.md section 7). */
final class EmbeddingDecoder {
  private static final int MAX_INPUTS = 2048;
  private static final String EXPECTED =
      "a string or an array of 1 to " + MAX_INPUTS + ", none of them empty";

  private EmbeddingDecoder() {}

  /** Throws {@link OpenAiException} that names the first member at fault. */
  static EmbeddingInput decode(JsonNode body) {
    var members = SharedMembers.of(body);
    var model = SharedMembers.model(members);
    var inputs = inputs(members.find("input"));
    members.text("user");
    return new EmbeddingInput(
        model,
        inputs,
        base64(members.text("encoding_format")),
        members.integer("dimensions", 1, Integer.MAX_VALUE));
  }

  private static boolean base64(@Nullable String format) {
    return switch (format) {
      case null -> false;
      case "float" -> false;
      case "base64" -> true;
      default -> throw Members.invalid("encoding_format", "float or base64");
    };
  }

  private static List<String> inputs(@Nullable JsonNode input) {
    if (input == null || (input.isArray() && (input.isEmpty() || input.size() > MAX_INPUTS))) {
      throw Members.invalid("input", EXPECTED);
    }
    var inputs = new ArrayList<String>();
    for (var each : input.isArray() ? input : List.of(input)) {
      if (each.isNumber() || each.isArray()) {
        throw Members.unsupported("input", "send texts, not tokens");
      }
      if (!each.isTextual() || each.textValue().isEmpty()) {
        throw Members.invalid("input", EXPECTED);
      }
      inputs.add(StorableText.of(each.textValue()));
    }
    return List.copyOf(inputs);
  }
}
