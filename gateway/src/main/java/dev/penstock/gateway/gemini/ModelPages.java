package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ServedModel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Models as this dialect lists them (gemini-api.md section 6), in pages by the last one's id. */
final class ModelPages {
  static final int DEFAULT_SIZE = 50;
  private static final int MAX_SIZE = 1_000;
  private static final String VERTEX = "publishers/google/models/";
  private static final double MAX_TEMPERATURE = 2.0;

  private ModelPages() {}

  /**
   * One page.
   *
   * @param size at most 1,000 are given
   * @param token what the page before said; null for the first
   */
  static ObjectNode page(
      List<ServedModel> models, boolean vertex, int size, @Nullable String token) {
    var from = token == null ? 0 : after(models, token);
    var to = Math.min(models.size(), from + Math.min(size, MAX_SIZE));
    var page = JsonNodeFactory.instance.objectNode();
    var list = page.putArray(vertex ? "publisherModels" : "models");
    models.subList(from, to).forEach(model -> list.add(json(model, vertex)));
    if (to < models.size() && to > from) {
      page.put("nextPageToken", token(models.get(to - 1)));
    }
    return page;
  }

  /** One model. Limits are those configured here, not the model card's. */
  static ObjectNode json(ServedModel model, boolean vertex) {
    var colon = model.id().indexOf(':');
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", (vertex ? VERTEX : "models/") + model.id())
            .put("baseModelId", colon < 0 ? model.id() : model.id().substring(0, colon))
            .put("version", colon < 0 ? "latest" : model.id().substring(colon + 1))
            .put("displayName", model.id())
            .put("description", description(model));
    if (model.contextLength() != null) {
      json.put("inputTokenLimit", model.contextLength());
    }
    json.put("outputTokenLimit", model.maxOutputTokens());
    var methods = json.putArray("supportedGenerationMethods");
    if (!model.facts().lacks(Capability.COMPLETION)) {
      Method.OFFERED.forEach(methods::add);
    }
    return json.put("maxTemperature", MAX_TEMPERATURE).put("thinking", model.thinks());
  }

  private static String description(ServedModel model) {
    var facts = model.facts();
    return Stream.of(facts.family(), facts.parameterSize(), facts.quantization())
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }

  private static String token(ServedModel last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.id().getBytes(StandardCharsets.UTF_8));
  }

  private static int after(List<ServedModel> models, String token) {
    for (var i = 0; i < models.size(); i++) {
      if (token(models.get(i)).equals(token)) {
        return i + 1;
      }
    }
    throw Members.invalid("pageToken", "one that the page before told");
  }
}
