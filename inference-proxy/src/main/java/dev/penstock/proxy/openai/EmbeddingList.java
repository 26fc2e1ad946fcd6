package dev.penstock.proxy.openai;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.exchange.JsonDocument;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies of {@code POST /embeddings} and their answers: {@code
 * {"model":"m","data":[{"index":0,"embedding":[0.1,…]}],"usage":{"prompt_tokens":4}}}, in any
 * order.
 *
 * <p>Floats, because not all of these servers know base64.
 */
final class EmbeddingList {
  private record Document(
      @Nullable String model, @Nullable List<Entry> data, @Nullable Counts usage) {}

  @SuppressWarnings("ArrayRecordComponent") // read once and never compared
  private record Entry(int index, float @Nullable [] embedding) {}

  private record Counts(@Nullable Integer promptTokens) {}

  private EmbeddingList() {}

  /** Asks for one vector per input. */
  static Buffer request(String model, EmbeddingsRequest request) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", model);
          out.writeArrayFieldStart("input");
          for (var input : request.inputs()) {
            out.writeString(input);
          }
          out.writeEndArray();
          out.writeStringField("encoding_format", "float");
          if (request.dimensions() != null) {
            out.writeNumberField("dimensions", request.dimensions());
          }
          if (request.truncate()) {
            // vLLM's "as long as the model reads"; others cut by themselves or refuse.
            out.writeNumberField("truncate_prompt_tokens", -1);
          }
        });
  }

  /** Throws a {@code SetbackException} for anything but an answer. */
  static Embeddings read(Buffer bytes) {
    try {
      var document = Wire.decode(bytes, Document.class);
      if (document.data() != null) {
        var vectors = vectors(document.data());
        var counts = document.usage();
        var count = counts == null ? null : counts.promptTokens();
        return new Embeddings(
            document.model() == null ? "" : document.model(),
            vectors,
            new Usage(count == null ? 0 : count, 0, count == null));
      }
    } catch (Wire.MalformedWireException e) {
      // falls through to the same setback
    }
    throw unintelligible();
  }

  private static List<float[]> vectors(List<Entry> entries) {
    var vectors = new float[entries.size()][];
    for (var entry : entries) {
      if (entry == null
          || entry.embedding() == null
          || entry.index() < 0
          || entry.index() >= vectors.length
          || vectors[entry.index()] != null) {
        throw unintelligible();
      }
      vectors[entry.index()] = entry.embedding();
    }
    return Arrays.asList(vectors);
  }

  private static RuntimeException unintelligible() {
    return Setback.failed(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent something that cannot be understood; try again.")
        .asException();
  }
}
