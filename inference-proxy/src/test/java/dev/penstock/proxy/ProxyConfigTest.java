package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Design section 11. */
class ProxyConfigTest {
  @Test
  void takesOneOllamaOnThisMachineWithOneSlotWhenNothingIsSet() {
    var config = config(Map.of());

    assertThat(config.upstreams())
        .extracting(UpstreamConfig::name, each -> each.address().toString(), UpstreamConfig::slots)
        .containsExactly(tuple("ollama-1", "http://127.0.0.1:11434", 1));
    assertThat(config.listen().port()).isEqualTo(8082);
  }

  @Test
  void takesEachAddressOfTheListAsOneUpstream() {
    var config =
        config(Map.of("OLLAMA_URL", "http://gpu-1:11434, gpu-2", "OLLAMA_NUM_PARALLEL", "4"));

    assertThat(config.upstreams())
        .extracting(each -> each.address().toString())
        .containsExactly("http://gpu-1:11434", "http://gpu-2:11434");
    assertThat(config.slots()).isEqualTo(8);
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
  void listsEverySettingItReads() {
    var names = ProxyConfig.SETTINGS.stream().map(each -> each.name()).toList();

    assertThat(names).doesNotHaveDuplicates().contains("OLLAMA_URL", "PORT", "GEMMA_MODEL_NAME");
  }

  private static String address(Map<String, String> environment) {
    return config(environment).upstreams().getFirst().address().toString();
  }

  private static ProxyConfig config(Map<String, String> environment) {
    return ProxyConfig.from(new Environment(environment), false);
  }
}
