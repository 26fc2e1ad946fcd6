package dev.penstock.proxy.models;

import dev.penstock.proxy.admission.Placement;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A model the configuration maps to upstreams by hand.
 *
 * @param id the name callers use
 * @param servedAs upstreams, at least one, each with its own name for the model
 * @param contextLength tokens; null leaves it to what the upstream tells
 * @param maxOutputTokens upper bound of {@code max_tokens}; null for that of all models
 * @param continues whether it goes on with a partial answer; null leaves it to the probe (T-24)
 */
public record ConfiguredModel(
    String id,
    SequencedMap<String, String> servedAs,
    @Nullable Integer contextLength,
    @Nullable Integer maxOutputTokens,
    @Nullable Boolean continues) {

  Placement placement() {
    return new Placement(id, servedAs, continues);
  }

  List<String> upstreams() {
    return List.copyOf(servedAs.sequencedKeySet());
  }
}
