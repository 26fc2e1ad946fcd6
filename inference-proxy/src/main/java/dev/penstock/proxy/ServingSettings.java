package dev.penstock.proxy;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.proxy.ollama.OllamaAddress;
import dev.penstock.proxy.serving.Serving;
import dev.penstock.proxy.serving.ServingFile;
import dev.penstock.proxy.serving.UpstreamConfig;
import dev.penstock.proxy.serving.UpstreamKind;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings that say what is served where: variables of the environment, or a file. */
final class ServingSettings {
  private static final Setting<List<OllamaAddress>> OLLAMA_URL =
      addresses(
          "OLLAMA_URL", null, "addresses of Ollama, separated by commas; each is one upstream");
  private static final Setting<List<OllamaAddress>> OLLAMA_API_BASE =
      addresses("OLLAMA_API_BASE", null, "used where OLLAMA_URL is not set");
  private static final Setting<List<OllamaAddress>> OLLAMA_HOST =
      addresses("OLLAMA_HOST", "127.0.0.1:11434", "used where neither of the two above is set");
  private static final Setting<Integer> OLLAMA_NUM_PARALLEL =
      Setting.integer(
          "OLLAMA_NUM_PARALLEL",
          1,
          1,
          10_000,
          "slots",
          "generations each Ollama runs at once; must be what Ollama itself is started with");
  private static final Setting<Path> CONFIG =
      new Setting<>(
          "PENSTOCK_CONFIG",
          null,
          "",
          "YAML file; its sections `upstreams`, `models` and `aliases` say what is served where",
          false,
          Path::of);

  static final List<Setting<?>> ALL =
      List.of(OLLAMA_URL, OLLAMA_API_BASE, OLLAMA_HOST, OLLAMA_NUM_PARALLEL, CONFIG);

  private ServingSettings() {}

  /**
   * What is served where.
   *
   * @param identity whether the Ollamas that the environment names ask who calls
   * @throws ConfigurationException naming the variable, or the file and its member, that is wrong
   */
  static Serving read(Environment environment, boolean identity) {
    return environment
        .find(CONFIG)
        .map(path -> read(path, environment, identity))
        .orElseGet(() -> new Serving(false, upstreams(environment, identity), List.of(), Map.of()));
  }

  private static Serving read(Path path, Environment environment, boolean identity) {
    var file = ConfigurationFile.read(path, ServingFile.SECTIONS);
    if (ServingFile.namesUpstreams(file) && environment.has(OLLAMA_URL.name())) {
      throw new ConfigurationException(
          "OLLAMA_URL must not be set: "
              + path
              + " names the model servers in its section upstreams");
    }
    return ServingFile.read(
        file,
        environment,
        () -> upstreams(environment, identity),
        environment.get(OLLAMA_NUM_PARALLEL));
  }

  private static List<UpstreamConfig> upstreams(Environment environment, boolean identity) {
    var addresses =
        environment
            .find(OLLAMA_URL)
            .or(() -> environment.find(OLLAMA_API_BASE))
            .orElseGet(() -> environment.get(OLLAMA_HOST));
    if (addresses.stream().distinct().count() < addresses.size()) {
      throw new ConfigurationException(
          "OLLAMA_URL names a server twice, whose slots would be counted twice");
    }
    var slots = environment.get(OLLAMA_NUM_PARALLEL);
    var upstreams = new ArrayList<UpstreamConfig>();
    for (var address : addresses) {
      upstreams.add(
          new UpstreamConfig(
              "ollama-" + (upstreams.size() + 1),
              UpstreamKind.OLLAMA,
              URI.create(address.toString()),
              slots,
              false,
              null,
              identity));
    }
    return upstreams;
  }

  private static Setting<List<OllamaAddress>> addresses(
      String name, @Nullable String defaultText, String meaning) {
    return new Setting<>(
        name,
        defaultText,
        "",
        meaning,
        false,
        text -> Arrays.stream(text.split(",")).map(OllamaAddress::parse).toList());
  }
}
