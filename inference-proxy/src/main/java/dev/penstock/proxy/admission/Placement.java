package dev.penstock.proxy.admission;

import dev.penstock.proxy.generation.ModelTraits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is served.
 *
 * @param model the name it has here, which its queue has too
 * @param servedAs upstreams that have it, at least one, each with its own name for it
 * @param continues whether it goes on with a partial answer, where that is configured; null leaves
 *     it to what each upstream's probe said (turns.md T-24)
 */
public record Placement(
    String model, SequencedMap<String, String> servedAs, @Nullable Boolean continues) {

  /** A model that has the same name everywhere. */
  public static Placement of(String model, List<String> upstreams) {
    var servedAs = new LinkedHashMap<String, String>();
    upstreams.forEach(upstream -> servedAs.put(upstream, model));
    return new Placement(model, servedAs, null);
  }

  /** Names of the upstreams that have it. */
  public List<String> upstreams() {
    return List.copyOf(servedAs.sequencedKeySet());
  }

  /** The name an upstream knows it by. */
  public String nameAt(String upstream) {
    var name = servedAs.get(upstream);
    if (name == null) {
      throw new IllegalArgumentException(model + " is not served by " + upstream);
    }
    return name;
  }

  ModelTraits traits(ModelTraits probed) {
    return continues == null ? probed : new ModelTraits(continues, probed.facts());
  }
}
