package dev.penstock.simulator.catalog;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The installed models by name. Immutable. */
public final class Catalog {
  private static final List<String> OPTIONAL_PREFIXES = List.of("registry.ollama.ai/", "library/");

  private final Map<String, SimulatedModel> models = new LinkedHashMap<>();

  /** A catalog of the models of these names, in this order. */
  public Catalog(List<String> names) {
    for (var name : names) {
      var model = SimulatedModel.named(name);
      models.put(key(model.name()), model);
    }
  }

  /** The model of that name: case does not matter, and no tag means {@code latest}. */
  public Optional<SimulatedModel> find(String name) {
    return Optional.ofNullable(models.get(key(withTag(name))));
  }

  /** The name as its refusal by {@code /api/show} gives it. */
  public static String withTag(String name) {
    return name.contains(":") ? name : name + ":latest";
  }

  /** All of them, in the order of the configuration. */
  public List<SimulatedModel> all() {
    return List.copyOf(models.values());
  }

  private static String key(String name) {
    var key = name.toLowerCase(Locale.ROOT);
    for (var prefix : OPTIONAL_PREFIXES) {
      if (key.startsWith(prefix)) {
        key = key.substring(prefix.length());
      }
    }
    return key;
  }
}
