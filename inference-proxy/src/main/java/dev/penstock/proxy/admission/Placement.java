package dev.penstock.proxy.admission;

import java.util.List;

/**
 * Where a model is served.
 *
 * @param model the name the upstreams know it by
 * @param upstreams names of the upstreams that have it, at least one
 */
public record Placement(String model, List<String> upstreams) {}
