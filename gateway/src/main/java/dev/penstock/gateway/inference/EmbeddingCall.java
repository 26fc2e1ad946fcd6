package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.Embeddings;
import io.vertx.core.Future;

/** A call for embeddings under way. Confined to the context that started it. */
public interface EmbeddingCall {
  /** Fails with a {@code FailureException}: refusals and lost connections too. */
  Future<Embeddings> vectors();

  /** Closes the connection to the proxy at once; {@link #vectors} is then never complete. */
  void cancel();
}
