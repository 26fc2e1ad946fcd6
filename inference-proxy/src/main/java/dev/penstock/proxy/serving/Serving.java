package dev.penstock.proxy.serving;

import dev.penstock.proxy.models.ConfiguredModel;
import java.util.List;
import java.util.Map;

/**
 * What is served where.
 *
 * @param fromFile whether a file names the upstreams; else the environment does
 * @param models mapped to upstreams by hand; all others are where their server lists them
 * @param aliases other names of models, each with the model it stands for, never with an alias
 */
public record Serving(
    boolean fromFile,
    List<UpstreamConfig> upstreams,
    List<ConfiguredModel> models,
    Map<String, String> aliases) {}
