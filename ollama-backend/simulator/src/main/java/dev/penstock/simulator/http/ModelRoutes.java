package dev.penstock.simulator.http;

import dev.penstock.simulator.catalog.Catalog;
import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.engine.Resident;
import dev.penstock.simulator.engine.Scheduler;
import dev.penstock.simulator.wire.GoTime;
import dev.penstock.simulator.wire.ModelRequest;
import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;

/** What can be read without a generation: the models installed and loaded (section 9). */
final class ModelRoutes {
  private final Catalog catalog;
  private final Scheduler scheduler;
  private final int contextLength;

  ModelRoutes(Catalog catalog, Scheduler scheduler, int contextLength) {
    this.catalog = catalog;
    this.scheduler = scheduler;
    this.contextLength = contextLength;
  }

  void tags(Exchange exchange) {
    var models = new JsonArray();
    for (var model : catalog.all()) {
      models.add(
          entry(model)
              .put("modified_at", GoTime.text(model.modifiedAt()))
              .put("size", model.sizeBytes())
              .put("digest", model.digest())
              .put(
                  "details",
                  details(model)
                      .put("context_length", model.contextLength())
                      .put("embedding_length", model.embeddingLength()))
              .put("capabilities", new JsonArray(model.capabilities())));
    }
    exchange.json(200, new JsonObject().put("models", models).toBuffer());
  }

  void ps(Exchange exchange) {
    var models = new JsonArray();
    scheduler.residents().stream()
        .sorted(Comparator.comparing(Resident::expiresAt).reversed())
        .forEach(resident -> models.add(loaded(resident)));
    exchange.json(200, new JsonObject().put("models", models).toBuffer());
  }

  void show(Exchange exchange) {
    var name = ModelRequest.parse(exchange.body()).model();
    if (name.isEmpty()) {
      throw OllamaError.badRequest("model is required");
    }
    var model =
        catalog.find(name).orElseThrow(() -> OllamaError.modelNotFound(Catalog.withTag(name)));
    exchange.json(200, shown(model).toBuffer());
  }

  private JsonObject loaded(Resident resident) {
    var model = resident.model();
    return entry(model)
        .put("size", model.sizeBytes() * 3 / 2)
        .put("digest", model.digest())
        .put("details", details(model))
        .put("expires_at", GoTime.text(resident.expiresAt()))
        .put("size_vram", model.sizeBytes() * 3 / 2)
        .put("context_length", Math.min(contextLength, model.contextLength()));
  }

  private static JsonObject shown(SimulatedModel model) {
    var family = model.family();
    return new JsonObject()
        .put("license", "A simulator's model: there are no weights to license.")
        .put("modelfile", "# Simulated\nFROM " + model.name() + "\n")
        .put("parameters", parameter("temperature", "1") + "\n" + parameter("top_k", "64"))
        .put("template", "{{ .Prompt }}")
        .put("details", details(model))
        .put(
            "model_info",
            new JsonObject()
                .put("general.architecture", family)
                .put("general.basename", model.name())
                .put("general.file_type", 15)
                .put("general.parameter_count", model.parameterCount())
                .put("general.quantization_version", 2)
                .put(family + ".context_length", model.contextLength())
                .put(family + ".embedding_length", model.embeddingLength()))
        .put("tensors", new JsonArray())
        .put("capabilities", new JsonArray(model.capabilities()))
        .put("modified_at", GoTime.text(model.modifiedAt()));
  }

  private static String parameter(String key, String value) {
    return "%-30s %s".formatted(key, value);
  }

  private static JsonObject entry(SimulatedModel model) {
    return new JsonObject().put("name", model.name()).put("model", model.name());
  }

  private static JsonObject details(SimulatedModel model) {
    return new JsonObject()
        .put("parent_model", "")
        .put("format", "gguf")
        .put("family", model.family())
        .put("families", new JsonArray(List.of(model.family())))
        .put("parameter_size", model.parameterSize())
        .put("quantization_level", model.quantization());
  }
}
