package dev.penstock.contracts.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of the proxy's {@code POST /embeddings}; the answer is {@link Embeddings}, a refusal an HTTP
 * problem.
 *
 * @param tenant whose share of the queue this counts against
 * @param inputs texts, none of them empty; an empty list loads the model and nothing else
 * @param dimensions length of the vectors, where the model can shorten them; null for its own
 * @param truncate whether an input longer than the model's context is cut; else it is refused with
 *     {@code context_length_exceeded}
 * @param deadlineMs milliseconds it may take, queue included
 */
public record EmbeddingsRequest(
    String tenant,
    String model,
    List<String> inputs,
    @Nullable Integer dimensions,
    boolean truncate,
    Priority priority,
    long deadlineMs) {

  public EmbeddingsRequest {
    inputs = Lists.orEmpty(inputs);
  }
}
