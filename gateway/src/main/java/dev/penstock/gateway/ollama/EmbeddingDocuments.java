package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.Embeddings;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Vectors as documents, written without a tree: they are megabytes. Pure, on any thread. */
final class EmbeddingDocuments {
  private EmbeddingDocuments() {}

  /** {@code {"model":…,"embeddings":[[…]],"total_duration":…,"prompt_eval_count":…}}. */
  static Buffer batch(String model, Embeddings made, long totalNanos) {
    var out = GoString.append(Buffer.buffer().appendString("{\"model\":"), model);
    out.appendString(",\"embeddings\":[");
    var separator = "";
    for (var vector : made.vectors()) {
      numbers(out.appendString(separator), vector);
      separator = ",";
    }
    out.appendByte((byte) ']');
    new Metrics(totalNanos, 0, made.usage().inputTokens(), 0, 0, 0).append(out);
    return out.appendByte((byte) '}');
  }

  /** {@code {"embedding":[…]}}; empty where nothing was asked for. */
  static Buffer single(List<float[]> vectors) {
    var out = Buffer.buffer().appendString("{\"embedding\":");
    return numbers(out, vectors.isEmpty() ? new float[0] : vectors.getFirst())
        .appendByte((byte) '}');
  }

  private static Buffer numbers(Buffer out, float[] vector) {
    var text = new StringBuilder(vector.length * 12).append('[');
    for (var i = 0; i < vector.length; i++) {
      text.append(i == 0 ? "" : ",").append(vector[i]);
    }
    return out.appendString(text.append(']').toString());
  }
}
