package dev.penstock.proxy.serving;

import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.StrictMapping;
import dev.penstock.proxy.models.ConfiguredModel;
import dev.penstock.proxy.models.ModelName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads {@code models}: names callers use, each with the upstreams that serve it. */
final class ModelSection {
  static final String NAME = "models";

  private static final int MOST_TOKENS = 1_000_000;
  private static final int MOST_CONTEXT = 100_000_000;

  private final ConfigurationFile file;
  private final Set<String> upstreams;

  private record Site(String upstream, @Nullable String model) {
    static Site read(StrictMapping in) {
      return new Site(in.text("name"), in.optionalText("model"));
    }
  }

  private record Entry(
      String name,
      List<Site> sites,
      @Nullable Integer contextLength,
      @Nullable Integer maxOutputTokens,
      @Nullable Boolean continues) {
    static Entry read(StrictMapping in) {
      return new Entry(
          in.text("name"),
          in.list("upstreams", "name", Site::read),
          in.integer("context_length", 1, MOST_CONTEXT),
          in.integer("max_output_tokens", 1, MOST_TOKENS),
          in.flag("continues"));
    }
  }

  private ModelSection(ConfigurationFile file, List<UpstreamConfig> upstreams) {
    this.file = file;
    this.upstreams = upstreams.stream().map(UpstreamConfig::name).collect(Collectors.toSet());
  }

  static List<ConfiguredModel> read(ConfigurationFile file, List<UpstreamConfig> upstreams) {
    return new ModelSection(file, upstreams).models();
  }

  private List<ConfiguredModel> models() {
    var entries = file.list(NAME, Entry::read);
    var names = new HashMap<String, String>();
    for (var i = 0; i < entries.size(); i++) {
      var place = NAME + "[" + i + "]";
      var first = names.putIfAbsent(ModelName.key(entries.get(i).name()), place);
      if (first != null) {
        throw file.wrong(place + ".name", "a name of its own, not that of " + first);
      }
    }
    return IntStream.range(0, entries.size())
        .mapToObj(i -> model(entries.get(i), NAME + "[" + i + "]"))
        .toList();
  }

  private ConfiguredModel model(Entry entry, String place) {
    return new ConfiguredModel(
        entry.name(),
        servedAs(entry, place + ".upstreams"),
        entry.contextLength(),
        entry.maxOutputTokens(),
        entry.continues());
  }

  private SequencedMap<String, String> servedAs(Entry entry, String place) {
    var servedAs = new LinkedHashMap<String, String>();
    for (var i = 0; i < entry.sites().size(); i++) {
      var site = entry.sites().get(i);
      if (!upstreams.contains(site.upstream())) {
        throw file.wrong(place + "[" + i + "]", "the name of an upstream");
      }
      var name = site.model() == null ? entry.name() : site.model();
      if (servedAs.putIfAbsent(site.upstream(), name) != null) {
        throw file.wrong(place + "[" + i + "]", "an upstream that is not named twice");
      }
    }
    return servedAs;
  }
}
