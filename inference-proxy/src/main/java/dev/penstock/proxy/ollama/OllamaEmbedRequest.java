package dev.penstock.proxy.ollama;

import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.proxy.exchange.JsonDocument;
import io.vertx.core.buffer.Buffer;

/**
 * Encodes bodies of Ollama's {@code POST /api/embed}: an explicit {@code truncate}, and neither
 * {@code keep_alive} nor options, which are applied to everybody.
 */
final class OllamaEmbedRequest {
  private OllamaEmbedRequest() {}

  /** Asks for one vector per input. */
  static Buffer embed(String model, EmbeddingsRequest request) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", model);
          out.writeArrayFieldStart("input");
          for (var input : request.inputs()) {
            out.writeString(input);
          }
          out.writeEndArray();
          out.writeBooleanField("truncate", request.truncate());
          if (request.dimensions() != null) {
            out.writeNumberField("dimensions", request.dimensions());
          }
        });
  }

  /** Asks to load a model that can only embed. */
  static Buffer load(String model) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", model);
          out.writeArrayFieldStart("input");
          out.writeEndArray();
        });
  }
}
