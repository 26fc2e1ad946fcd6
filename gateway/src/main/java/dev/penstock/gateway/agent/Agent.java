package dev.penstock.gateway.agent;

import dev.penstock.contracts.generation.GenerationOptions;
import org.jspecify.annotations.Nullable;

/**
 * A named persona.
 *
 * @param instruction system text; never shown to callers
 * @param model null for the default model
 */
public record Agent(
    String name,
    String description,
    String instruction,
    @Nullable String model,
    GenerationOptions options) {}
