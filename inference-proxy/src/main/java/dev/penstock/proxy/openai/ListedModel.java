package dev.penstock.proxy.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entry of {@code GET /models}: {@code {"id":"gemma","created":1767225600}}, beside which vLLM
 * has {@code max_model_len} and llama-server {@code meta}. What llama-server tells of capabilities
 * is not read: it says the same of servers that embed, and nothing of tools.
 */
record ListedModel(String id, long created, @Nullable Integer contextLength, ModelFacts facts) {

  /** All entries that have an id. */
  static List<ListedModel> readAll(JsonNode answer) {
    var models = new ArrayList<ListedModel>();
    for (var entry : answer.path("data")) {
      if (!entry.path("id").asText().isEmpty()) {
        models.add(read(entry));
      }
    }
    return models;
  }

  InstalledModel installed() {
    return new InstalledModel(id, created, facts);
  }

  LoadedModel loaded() {
    return new LoadedModel(id, contextLength);
  }

  private static ListedModel read(JsonNode entry) {
    var meta = entry.path("meta");
    var facts =
        new ModelFacts(
            Set.of(),
            null,
            null,
            whole(meta.path("n_params")),
            null,
            count(meta.path("n_ctx_train")),
            count(meta.path("n_embd")),
            null,
            whole(meta.path("size")),
            null);
    return new ListedModel(
        entry.path("id").asText(),
        entry.path("created").asLong(),
        count(entry.path("max_model_len")),
        facts);
  }

  private static @Nullable Integer count(JsonNode node) {
    return node.asInt() > 0 ? node.asInt() : null;
  }

  private static @Nullable Long whole(JsonNode node) {
    return node.asLong() > 0 ? node.asLong() : null;
  }
}
