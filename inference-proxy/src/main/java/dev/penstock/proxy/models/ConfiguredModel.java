package dev.penstock.proxy.models;

import java.util.List;

/**
 * A model the configuration maps to upstreams by hand.
 *
 * @param id the name callers use
 * @param servedAs the name the upstreams know it by
 * @param upstreams names, at least one
 * @param maxOutputTokens upper bound of {@code max_tokens}
 */
public record ConfiguredModel(
    String id, String servedAs, List<String> upstreams, int maxOutputTokens) {}
