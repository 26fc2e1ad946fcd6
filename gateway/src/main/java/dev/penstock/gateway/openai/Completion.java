package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.GenerationOptions;
import org.jspecify.annotations.Nullable;

/**
 * What a request for the older completions asks for.
 *
 * @param includeUsage whether a stream ends with a chunk of token counts
 * @param affinity the caller's key for prompts that share a beginning, unhashed; null for none
 */
record Completion(
    String model,
    String prompt,
    GenerationOptions options,
    boolean stream,
    boolean includeUsage,
    @Nullable String affinity) {}
