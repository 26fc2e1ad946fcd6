package dev.penstock.proxy.relay;

import dev.penstock.proxy.admission.AdmissionDesk;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.trace.GenerationSpans;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the generations and embeddings of one event loop share.
 *
 * @param upstreams of this loop, by name
 * @param spans of what model servers are asked
 * @param maxOutputTokens upper bound for a model; read-only, from any thread
 */
public record RelayServices(
    AdmissionDesk desk,
    Map<String, Upstream> upstreams,
    RelayLoop loop,
    RelayLimits limits,
    EmbeddingLimits embeddingLimits,
    GenerationSpans spans,
    ToIntFunction<String> maxOutputTokens) {

  Upstream upstream(String name) {
    var upstream = upstreams.get(name);
    if (upstream == null) {
      throw new IllegalArgumentException("no upstream is called " + name);
    }
    return upstream;
  }

  /** What is asked for, within the model's bound; the bound where nothing is asked for. */
  int maxTokens(String model, @Nullable Integer asked) {
    var bound = maxOutputTokens.applyAsInt(model);
    return asked == null ? bound : Math.min(asked, bound);
  }
}
