package dev.penstock.proxy.ollama;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of {@code POST /api/embed}: {@code
 * {"model":"m","embeddings":[[0.1,…]],"prompt_eval_count":4}} (ollama-api.md section 9).
 */
final class EmbedAnswer {
  private record Document(
      String model, List<float[]> embeddings, @Nullable Integer promptEvalCount) {}

  private EmbedAnswer() {}

  /** Throws a {@code SetbackException} for anything else. */
  static Embeddings read(Buffer bytes) {
    try {
      var document = Wire.decode(bytes, Document.class);
      var count = document.promptEvalCount();
      if (document.model() != null && document.embeddings() != null) {
        return new Embeddings(
            document.model(),
            document.embeddings(),
            new Usage(count == null ? 0 : count, 0, count == null));
      }
    } catch (Wire.MalformedWireException e) {
      // falls through to the same setback
    }
    throw Setback.failed(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent something that cannot be understood; try again.")
        .asException();
  }
}
