package dev.penstock.proxy.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Other names of models. Immutable; safe from any thread. */
public final class Aliases {
  private final Map<String, Alias> byKey = new LinkedHashMap<>();

  /** An alias as configured, and the model it stands for. */
  record Alias(String name, String model) {}

  /** Aliases as configured, each with the model it stands for. */
  public Aliases(Map<String, String> names) {
    names.forEach((name, model) -> byKey.put(ModelName.key(name), new Alias(name, model)));
  }

  /** The model a name stands for; most stand for themselves. */
  String resolve(String name) {
    return find(name).map(Alias::model).orElse(name);
  }

  /** The alias that is meant by a name. */
  Optional<Alias> find(String name) {
    return Optional.ofNullable(byKey.get(ModelName.key(name)));
  }

  /** All of them, in the order of the configuration. */
  List<Alias> all() {
    return List.copyOf(byKey.values());
  }
}
