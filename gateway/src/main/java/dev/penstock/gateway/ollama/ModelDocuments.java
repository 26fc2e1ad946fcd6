package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ServedModel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is told of models (ollama-api.md section 9), from what their servers tell. What nobody told
 * is left out where clients bear it. Pure.
 */
final class ModelDocuments {
  /** Go's longest duration, which is how Ollama shows that a model stays. */
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private ModelDocuments() {}

  /** Of {@code GET /api/tags}: all models, the newest first. */
  static ObjectNode tags(List<ServedModel> models) {
    var document = object();
    var list = document.putArray("models");
    models.stream()
        .sorted(Comparator.comparing(ModelDocuments::modifiedAt).reversed())
        .forEach(model -> list.add(listed(model)));
    return document;
  }

  /** Of {@code GET /api/ps}: the models that have been loaded, which stay. */
  static ObjectNode loaded(List<ServedModel> models, Instant now) {
    var document = object();
    var list = document.putArray("models");
    for (var model : models) {
      if (model.state() == ServedModel.State.READY && model.continues() != null) {
        var entry = entry(model);
        entry.set("details", details(model));
        entry.put("expires_at", GoTime.text(now.plus(FOREVER))).put("size_vram", size(model));
        put(entry, "context_length", model.contextLength());
        list.add(entry);
      }
    }
    return document;
  }

  /** Of {@code POST /api/show}. */
  static ObjectNode shown(ServedModel model) {
    var document = object().put("modelfile", "FROM " + model.id() + "\n");
    if (model.contextLength() != null) {
      document.put("parameters", "%-30s %d".formatted("num_ctx", model.contextLength()));
    }
    document.set("details", details(model));
    document.set("model_info", info(model));
    document.putArray("tensors");
    capabilities(document, model);
    return document.put("modified_at", GoTime.text(modifiedAt(model)));
  }

  private static ObjectNode listed(ServedModel model) {
    var entry = entry(model).put("modified_at", GoTime.text(modifiedAt(model)));
    var details = details(model);
    put(details, "context_length", trainedLength(model));
    put(details, "embedding_length", model.facts().embeddingLength());
    entry.set("details", details);
    capabilities(entry, model);
    return entry;
  }

  private static ObjectNode info(ServedModel model) {
    var facts = model.facts();
    var architecture = facts.family() == null ? "unknown" : facts.family();
    var info =
        object().put("general.architecture", architecture).put("general.basename", model.id());
    put(info, "general.parameter_count", facts.parameterCount());
    put(info, architecture + ".context_length", trainedLength(model));
    put(info, architecture + ".embedding_length", facts.embeddingLength());
    return info;
  }

  private static ObjectNode entry(ServedModel model) {
    return object()
        .put("name", model.id())
        .put("model", model.id())
        .put("size", size(model))
        .put("digest", digest(model));
  }

  private static ObjectNode details(ServedModel model) {
    var facts = model.facts();
    var details =
        object()
            .put("parent_model", "")
            .put("format", model.kind() == ServedModel.Kind.SELF_HOSTED ? "gguf" : "")
            .put("family", orEmpty(facts.family()));
    var families = details.putArray("families");
    if (facts.family() != null) {
      families.add(facts.family());
    }
    return details
        .put("parameter_size", orEmpty(facts.parameterSize()))
        .put("quantization_level", orEmpty(facts.quantization()));
  }

  private static void capabilities(ObjectNode document, ServedModel model) {
    var names = document.putArray("capabilities");
    var capabilities = model.facts().capabilities();
    if (capabilities.isEmpty()) {
      names.add(Capability.COMPLETION.wire());
    }
    capabilities.forEach(capability -> names.add(capability.wire()));
  }

  private static Instant modifiedAt(ServedModel model) {
    var told = model.facts().modifiedAt();
    return told == null ? Instant.ofEpochSecond(model.created()) : told;
  }

  private static @Nullable Integer trainedLength(ServedModel model) {
    var told = model.facts().trainedContextLength();
    return told == null ? model.contextLength() : told;
  }

  private static long size(ServedModel model) {
    var told = model.facts().sizeBytes();
    return told == null ? 0 : told;
  }

  /** Clients cut it to twelve digits without looking, so there always is one. */
  private static String digest(ServedModel model) {
    var told = model.facts().digest();
    if (told != null) {
      return told;
    }
    try {
      var name = model.id().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static void put(ObjectNode object, String name, @Nullable Number value) {
    if (value != null) {
      object.put(name, value.longValue());
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
