package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * How an answer ended, as the model server tells it.
 *
 * @param inputTokens null where it did not count
 * @param outputTokens null where it did not count
 * @param loadMs milliseconds it spent until a model was there to run it
 * @param prefillMs milliseconds over the prompt; null where it did not measure
 * @param decodeMs milliseconds over the answer; null where it did not measure
 */
public record Completion(
    FinishReason reason,
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    long loadMs,
    @Nullable Long prefillMs,
    @Nullable Long decodeMs) {}
