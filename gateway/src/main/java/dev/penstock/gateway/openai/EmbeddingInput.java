package dev.penstock.gateway.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an embeddings request asks for.
 *
 * @param base64 whether vectors are told as base64 of little-endian 32-bit floats; else as numbers
 * @param dimensions null for the model's own
 */
record EmbeddingInput(
    String model, List<String> inputs, boolean base64, @Nullable Integer dimensions) {}
