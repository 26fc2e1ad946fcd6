package dev.penstock.contracts.generation;

import java.util.List;

/**
 * Answer of the proxy's {@code POST /embeddings}.
 *
 * @param model the name the model server knows it by
 * @param vectors one for each input, in the inputs' order, of length 1 in the Euclidean norm where
 *     the model server says so (Ollama does)
 * @param usage no output tokens
 */
public record Embeddings(String model, List<float[]> vectors, Usage usage) {}
