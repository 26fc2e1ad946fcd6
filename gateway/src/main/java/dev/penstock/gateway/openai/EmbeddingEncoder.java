package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** Writes vectors as one JSON document (openai-api.md section 7). */
final class EmbeddingEncoder {
  private EmbeddingEncoder() {}

  /**
   * The document.
   *
   * @param model as the caller named it
   * @param base64 whether a vector is the base64 of little-endian 32-bit floats
   */
  static Buffer encode(String model, Embeddings embeddings, boolean base64) {
    var json = Buffer.buffer().appendString("{\"object\":\"list\",\"model\":");
    JsonString.append(json, model).appendString(",\"data\":[");
    var index = 0;
    for (var vector : embeddings.vectors()) {
      json.appendString(index == 0 ? "" : ",")
          .appendString("{\"object\":\"embedding\",\"index\":" + index++ + ",\"embedding\":")
          .appendString(base64 ? '"' + base64(vector) + '"' : numbers(vector))
          .appendString("}");
    }
    var tokens = embeddings.usage().inputTokens();
    return json.appendString(
        "],\"usage\":{\"prompt_tokens\":" + tokens + ",\"total_tokens\":" + tokens + "}}");
  }

  private static String base64(float[] vector) {
    var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static String numbers(float[] vector) {
    var out = new StringBuilder(vector.length * 12).append('[');
    for (var at = 0; at < vector.length; at++) {
      out.append(at == 0 ? "" : ",").append(vector[at]);
    }
    return out.append(']').toString();
  }
}
