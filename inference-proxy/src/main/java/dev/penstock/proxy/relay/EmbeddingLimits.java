package dev.penstock.proxy.relay;

import java.time.Duration;

/**
 * Bounds of one call for embeddings.
 *
 * @param maxInputs texts
 * @param maxAnswerBytes of the model server's answer
 * @param timeout from the request to the whole answer
 */
public record EmbeddingLimits(int maxInputs, int maxAnswerBytes, Duration timeout) {}
