package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what Ollama tells about a model (ollama-api.md section 9). */
final class OllamaModelFacts {
  private OllamaModelFacts() {}

  /** Of one entry of {@code GET /api/tags}; older versions leave the capabilities out. */
  static ModelFacts listed(JsonNode model) {
    var details = model.path("details");
    return new ModelFacts(
        capabilities(model),
        text(details.path("family")),
        text(details.path("parameter_size")),
        null,
        text(details.path("quantization_level")),
        count(details.path("context_length")),
        count(details.path("embedding_length")),
        text(model.path("digest")),
        whole(model.path("size")),
        time(model));
  }

  /** Of the answer of {@code POST /api/show}. */
  static ModelFacts shown(JsonNode answer) {
    var details = answer.path("details");
    var info = answer.path("model_info");
    var architecture = info.path("general.architecture").asText();
    var family = text(details.path("family"));
    return new ModelFacts(
        capabilities(answer),
        family == null ? text(info.path("general.architecture")) : family,
        text(details.path("parameter_size")),
        whole(info.path("general.parameter_count")),
        text(details.path("quantization_level")),
        count(info.path(architecture + ".context_length")),
        count(info.path(architecture + ".embedding_length")),
        null,
        null,
        time(answer));
  }

  private static Set<Capability> capabilities(JsonNode model) {
    var known = EnumSet.noneOf(Capability.class);
    for (var name : model.path("capabilities")) {
      var capability = Capability.find(name.asText());
      if (capability != null) {
        known.add(capability);
      }
    }
    return known;
  }

  private static @Nullable Instant time(JsonNode model) {
    try {
      return OffsetDateTime.parse(model.path("modified_at").asText()).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.asText().isEmpty() ? null : node.asText();
  }

  private static @Nullable Integer count(JsonNode node) {
    return node.asInt() > 0 ? node.asInt() : null;
  }

  private static @Nullable Long whole(JsonNode node) {
    return node.asLong() > 0 ? node.asLong() : null;
  }
}
