package dev.penstock.proxy.serving;

import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.proxy.models.ConfiguredModel;
import dev.penstock.proxy.models.ModelName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code aliases}: other names, each with a model or another alias that it stands for. */
final class AliasSection {
  static final String NAME = "aliases";

  private final ConfigurationFile file;
  private final Set<String> models;
  private final boolean othersListed;
  private final Map<String, String> targets = new HashMap<>();

  private AliasSection(
      ConfigurationFile file, List<UpstreamConfig> upstreams, List<ConfiguredModel> models) {
    this.file = file;
    this.models = models.stream().map(each -> ModelName.key(each.id())).collect(Collectors.toSet());
    this.othersListed =
        upstreams.stream()
            .map(UpstreamConfig::kind)
            .anyMatch(kind -> kind == UpstreamKind.OLLAMA || kind == UpstreamKind.OPENAI);
  }

  /** Each alias with the model it stands for in the end. */
  static Map<String, String> read(
      ConfigurationFile file, List<UpstreamConfig> upstreams, List<ConfiguredModel> models) {
    return new AliasSection(file, upstreams, models).resolved();
  }

  private Map<String, String> resolved() {
    var aliases = file.texts(NAME);
    aliases.forEach(
        (alias, target) -> {
          if (models.contains(ModelName.key(alias))) {
            throw file.wrong(place(alias), "left out, as a model has this name");
          }
          if (targets.put(ModelName.key(alias), target) != null) {
            throw file.wrong(place(alias), "a name that is not given twice");
          }
        });
    var resolved = new LinkedHashMap<String, String>();
    aliases.forEach((alias, _) -> resolved.put(alias, model(alias)));
    return resolved;
  }

  private String model(String alias) {
    var seen = new HashSet<String>();
    var name = alias;
    for (var next = targets.get(ModelName.key(name));
        next != null;
        next = targets.get(ModelName.key(name))) {
      if (!seen.add(ModelName.key(name))) {
        throw file.wrong(
            place(alias), "the name of a model, not of an alias that leads in a circle");
      }
      name = next;
    }
    // A server that lists its models may have any, now or later.
    if (!othersListed && !models.contains(ModelName.key(name))) {
      throw file.wrong(place(alias), "the name of a model or of another alias");
    }
    return name;
  }

  private static String place(String alias) {
    return NAME + "." + alias;
  }
}
