package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Tokens of a generation.
 *
 * @param estimated true where the model server did not count and we did (turns.md T-40); written
 *     only when true
 */
public record Usage(
    int inputTokens,
    int outputTokens,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean estimated) {}
