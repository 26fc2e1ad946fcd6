package dev.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.simulator.fault.Fault;
import dev.penstock.simulator.fault.FaultOrder;
import dev.penstock.simulator.wire.KeepAlive;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorConfigTest {
  @Test
  void isAnOllamaOnItsUsualPortByDefault() {
    var config = from(Map.of());

    assertThat(config.listen().port()).isEqualTo(11434);
    assertThat(config.listen().host()).isEqualTo("127.0.0.1");
    assertThat(config.slots()).isEqualTo(1);
    assertThat(config.maxQueue()).isEqualTo(512);
    assertThat(config.keepAlive()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.models()).containsExactly("gemma3:270m", "gemma3:4b", "gemma4:e2b");
    assertThat(config.controlPort()).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"10m,PT10M", "300,PT5M", "0,PT0S"})
  void readsAKeepAliveAsOllamaDoes(String text, Duration keepAlive) {
    assertThat(from(Map.of("OLLAMA_KEEP_ALIVE", text)).keepAlive()).isEqualTo(keepAlive);
  }

  @Test
  void keepsModelsForEverWhenTheKeepAliveIsNegative() {
    assertThat(from(Map.of("OLLAMA_KEEP_ALIVE", "-1")).keepAlive()).isEqualTo(KeepAlive.FOREVER);
    assertThat(from(Map.of("OLLAMA_KEEP_ALIVE", "-1m")).keepAlive()).isEqualTo(KeepAlive.FOREVER);
  }

  /** Design section 11; one environment may serve several services. */
  @Test
  void refusesAVariableThatNoServiceReadsAndAcceptsThoseOfOthers() {
    assertThatThrownBy(() -> from(Map.of("PENSTOCK_CONFGI", "x")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFGI");
    assertThatCode(() -> from(Map.of("PENSTOCK_POOL_QUEUE", "1", "PENSTOCK_CONFIG", "x")))
        .doesNotThrowAnyException();
  }

  @Test
  void readsFaults() {
    var config =
        from(
            Map.of(
                "SIMULATOR_FAULTS",
                "[{\"kind\":\"slow\",\"tokens_per_second\":3,\"model\":\"gemma3:4b\"},"
                    + "{\"kind\":\"missing_end\",\"requests\":2}]"));

    assertThat(config.faults())
        .containsExactly(
            new FaultOrder(new Fault.Slow(3), 0, FaultOrder.ALL_REQUESTS, "gemma3:4b"),
            new FaultOrder(new Fault.MissingEnd(), FaultOrder.AT_END, 2, null));
  }

  @ParameterizedTest
  @CsvSource({
    "OLLAMA_NUM_PARALLEL,0",
    "OLLAMA_KEEP_ALIVE,soon",
    "SIMULATOR_TOKENS_PER_SECOND,fast",
    "SIMULATOR_FAULTS,{}",
    "SIMULATOR_FAULTS,[{}]"
  })
  void namesASettingThatIsWrong(String name, String value) {
    assertThatThrownBy(() -> from(Map.of(name, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(name + " must be ")
        .hasMessageEndingWith(" but is \"" + value + "\"");
  }

  private static SimulatorConfig from(Map<String, String> environment) {
    return SimulatorConfig.from(new Environment(environment), false);
  }
}
