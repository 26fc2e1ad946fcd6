package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.Embeddings;
import io.vertx.core.Future;

/**
 * A call for embeddings that runs on a model server. Confined to the event loop that started it.
 *
 * @param vectors fails with a {@link SetbackException}
 * @param cancel closes the connection to the model server at once; without effect once {@code
 *     vectors} is complete
 */
public record Embedding(Future<Embeddings> vectors, Runnable cancel) {}
