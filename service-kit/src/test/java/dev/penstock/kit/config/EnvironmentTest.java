package dev.penstock.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private static final Setting<String> KNOWN = Setting.text("PENSTOCK_KNOWN", null, "known");

  @Test
  void refusesVariablesOfOurOwnThatNobodyReads() {
    var environment =
        new Environment(Map.of("PENSTOCK_KNOWN", "a", "PENSTOCK_KNOWM", "b", "PENSTOCK_X", "c"));

    assertThatThrownBy(() -> environment.rejectUnknown(List.of(KNOWN)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_KNOWM, PENSTOCK_X")
        .hasMessageNotContaining("PENSTOCK_KNOWN,");
  }

  @Test
  void leavesOtherPeoplesVariablesAlone() {
    var environment = new Environment(Map.of("PATH", "/bin", "PENSTOCK_KNOWN", "a"));

    assertThatCode(() -> environment.rejectUnknown(List.of(KNOWN))).doesNotThrowAnyException();
  }

  @Test
  void changesACopy() {
    var environment = new Environment(Map.of("PENSTOCK_KNOWN", "a"));

    assertThat(environment.with("PENSTOCK_KNOWN", "b").get(KNOWN)).isEqualTo("b");
    assertThat(environment.get(KNOWN)).isEqualTo("a");
  }
}
