package dev.penstock.kit.config;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A process's environment variables, read through {@link Setting}s. Immutable. */
public final class Environment {
  private final Map<String, String> variables;

  /** Blank variables count as absent, as shells and Cloud consoles leave them behind. */
  public Environment(Map<String, String> variables) {
    this.variables =
        variables.entrySet().stream()
            .filter(entry -> !entry.getValue().isBlank())
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> b, TreeMap::new));
  }

  /**
   * The value, or the setting's default.
   *
   * @throws ConfigurationException if the value is not one, or is absent and has no default
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () ->
                new ConfigurationException(setting.name() + " must be set: " + setting.meaning()));
  }

  /**
   * The value, or the setting's default, or empty where there is neither.
   *
   * @throws ConfigurationException if the value is not one
   */
  public <T> Optional<T> find(Setting<T> setting) {
    var text = variables.getOrDefault(setting.name(), setting.defaultText());
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(setting.parser().apply(text));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          setting.name()
              + " must be "
              + e.getMessage()
              + (setting.secret() ? "" : " but is \"" + text + "\""));
    }
  }

  /** Whether the variable is set, whatever its default. */
  public boolean has(String name) {
    return variables.containsKey(name);
  }

  /** This environment with one variable set; for the launcher and for tests. */
  public Environment with(String name, String value) {
    var changed = new TreeMap<>(variables);
    changed.put(name, value);
    return new Environment(changed);
  }

  /**
   * Refuses variables of our own prefix that docs/configuration.md lists for no service: most
   * likely a typing error. Those of another service are accepted, since one environment may serve
   * several.
   *
   * @throws ConfigurationException naming each of them
   */
  public void rejectUnknown() {
    var listed = ListedVariables.names();
    var unknown =
        variables.keySet().stream()
            .filter(name -> name.startsWith("PENSTOCK_") && !listed.contains(name))
            .toList();
    if (!unknown.isEmpty()) {
      throw new ConfigurationException(
          "unknown setting " + String.join(", ", unknown) + "; see docs/configuration.md");
    }
  }
}
