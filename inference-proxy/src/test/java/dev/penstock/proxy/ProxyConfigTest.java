package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.proxy.serving.UpstreamConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Design section 11. */
class ProxyConfigTest {
  @TempDir private Path folder;

  @Test
  void takesOneOllamaOnThisMachineWithOneSlotWhenNothingIsSet() {
    var config = config(Map.of());

    assertThat(config.serving().upstreams())
        .extracting(UpstreamConfig::name, each -> each.url().toString(), UpstreamConfig::slots)
        .containsExactly(tuple("ollama-1", "http://127.0.0.1:11434", 1));
    assertThat(config.listen().port()).isEqualTo(8082);
  }

  @Test
  void takesEachAddressOfTheListAsOneUpstream() {
    var config =
        config(Map.of("OLLAMA_URL", "http://gpu-1:11434, gpu-2", "OLLAMA_NUM_PARALLEL", "4"));

    assertThat(config.serving().upstreams())
        .extracting(each -> each.url().toString(), UpstreamConfig::slots)
        .containsExactly(tuple("http://gpu-1:11434", 4), tuple("http://gpu-2:11434", 4));
  }

  @Test
  void showsAnIdentityToTheOllamasOfTheEnvironmentWhereToldTo() {
    var url = "https://ollama.example.com";

    assertThat(config(Map.of("OLLAMA_URL", url)).serving().upstreams())
        .noneMatch(UpstreamConfig::identity);
    assertThat(
            config(Map.of("OLLAMA_URL", url, "PENSTOCK_SERVICE_IDENTITY", "google"))
                .serving()
                .upstreams())
        .allMatch(UpstreamConfig::identity);
    assertThatThrownBy(() -> config(Map.of("PENSTOCK_SERVICE_IDENTITY", "gogle")))
        .hasMessage("PENSTOCK_SERVICE_IDENTITY must be none or google but is \"gogle\"");
    assertThatThrownBy(() -> config(Map.of("GCE_METADATA_HOST", "http://a/b")))
        .hasMessageContaining("GCE_METADATA_HOST must be a host");
  }

  @Test
  void acceptsTheNamesTheTutorialsUse() {
    assertThat(address(Map.of("OLLAMA_API_BASE", "https://x.run.app", "OLLAMA_HOST", "y")))
        .isEqualTo("https://x.run.app:443");
    assertThat(address(Map.of("OLLAMA_HOST", "0.0.0.0"))).isEqualTo("http://127.0.0.1:11434");
  }

  @Test
  void namesTheSettingThatIsWrong() {
    assertThatThrownBy(() -> config(Map.of("OLLAMA_URL", "ftp://x")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("OLLAMA_URL")
        .hasMessageContaining("ftp://x");
    assertThatThrownBy(() -> config(Map.of("OLLAMA_NUM_PARALLEL", "0")))
        .hasMessageContaining("OLLAMA_NUM_PARALLEL");
    assertThatThrownBy(() -> config(Map.of("OLLAMA_URL", "a,a:11434")))
        .hasMessageContaining("twice");
  }

  @Test
  void takesTheModelServersOfAFileInsteadOfTheUsualOne() throws IOException {
    var file =
        file(
            """
            upstreams:
              - {name: gpu-1, kind: ollama, url: http://gpu-1:11434, slots: 4}
              - {name: gpu-2, kind: ollama, url: https://gpu-2.example.com, shared: true}
            """);

    var config =
        config(
            Map.of("PENSTOCK_CONFIG", file, "OLLAMA_HOST", "0.0.0.0", "OLLAMA_NUM_PARALLEL", "2"));

    assertThat(config.serving().fromFile()).isTrue();
    assertThat(config.serving().upstreams())
        .extracting(UpstreamConfig::name, UpstreamConfig::slots, UpstreamConfig::shared)
        .containsExactly(tuple("gpu-1", 4, false), tuple("gpu-2", 2, true));
  }

  @Test
  void keepsTheModelServersOfTheEnvironmentBesideAFileThatNamesNone() throws IOException {
    var file = file("aliases: {gemini-2.5-flash: gemma3:1b}\nagents: [whatever]\nkeys: {a: b}");

    var config = config(Map.of("PENSTOCK_CONFIG", file, "OLLAMA_URL", "http://gpu-1:11434"));

    assertThat(config.serving().fromFile()).isFalse();
    assertThat(config.serving().upstreams())
        .extracting(each -> each.url().toString())
        .containsExactly("http://gpu-1:11434");
    assertThat(config.serving().aliases()).containsEntry("gemini-2.5-flash", "gemma3:1b");
  }

  /** Two places that say where the model servers are would leave one of them unheard. */
  @Test
  void refusesAnOllamaUrlBesideAFileThatNamesTheModelServers() throws IOException {
    var file = file("upstreams: [{name: a, kind: ollama, url: http://a:11434}]");

    assertThatThrownBy(() -> config(Map.of("PENSTOCK_CONFIG", file, "OLLAMA_URL", "http://b")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("OLLAMA_URL")
        .hasMessageContaining(file)
        .hasMessageContaining("upstreams");
  }

  @Test
  void namesTheFileThatIsWrong() {
    assertThatThrownBy(() -> config(Map.of("PENSTOCK_CONFIG", "/no/such/file.yaml")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFIG")
        .hasMessageContaining("/no/such/file.yaml");
  }

  /** Design section 11; one environment may serve several services. */
  @Test
  void refusesAVariableThatNoServiceReadsAndAcceptsThoseOfOthers() {
    assertThatThrownBy(() -> config(Map.of("PENSTOCK_CONFGI", "x")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFGI");
    assertThatCode(() -> config(Map.of("PENSTOCK_POOL_QUEUE", "1", "PENSTOCK_MAX_TURNS", "1")))
        .doesNotThrowAnyException();
  }

  @Test
  void listsEverySettingItReads() {
    var names = ProxyConfig.SETTINGS.stream().map(each -> each.name()).toList();

    assertThat(names).doesNotHaveDuplicates().contains("OLLAMA_URL", "PORT", "GEMMA_MODEL_NAME");
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("penstock.yaml"), text).toString();
  }

  private static String address(Map<String, String> environment) {
    return config(environment).serving().upstreams().getFirst().url().toString();
  }

  private static ProxyConfig config(Map<String, String> environment) {
    return ProxyConfig.from(new Environment(environment), false);
  }
}
