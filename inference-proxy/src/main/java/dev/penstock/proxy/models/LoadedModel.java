package dev.penstock.proxy.models;

import org.jspecify.annotations.Nullable;

/**
 * A model in a server's memory.
 *
 * @param id with its tag
 * @param contextLength tokens one generation may use; null where the server does not say
 */
public record LoadedModel(String id, @Nullable Integer contextLength) {}
