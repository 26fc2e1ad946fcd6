package dev.penstock.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private static final Setting<String> KNOWN = Setting.text("PENSTOCK_KNOWN", null, "known");

  @Test
  void refusesVariablesOfOurOwnThatNoServiceReads() {
    var environment =
        new Environment(
            Map.of("PENSTOCK_MAX_TURNS", "1", "PENSTOCK_MAX_TRUNS", "b", "PENSTOCK_X", "c"));

    assertThatThrownBy(environment::rejectUnknown)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_MAX_TRUNS, PENSTOCK_X")
        .hasMessageNotContaining("PENSTOCK_MAX_TURNS");
  }

  /** One environment serves several services: each accepts what is another's. */
  @Test
  void acceptsVariablesOfEveryServiceAndOtherPeoples() {
    var environment =
        new Environment(
            Map.of(
                "PATH", "/bin",
                "PENSTOCK_CONFIG", "a",
                "PENSTOCK_MAX_TURNS", "1",
                "PENSTOCK_POOL_QUEUE", "2",
                "PENSTOCK_QUEUE_PER_SLOT", "3"));

    assertThatCode(environment::rejectUnknown).doesNotThrowAnyException();
  }

  @Test
  void changesACopy() {
    var environment = new Environment(Map.of("PENSTOCK_KNOWN", "a"));

    assertThat(environment.with("PENSTOCK_KNOWN", "b").get(KNOWN)).isEqualTo("b");
    assertThat(environment.get(KNOWN)).isEqualTo("a");
  }
}
