package dev.penstock.session;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionServiceConfigTest {
  /** Design section 11; one environment may serve several services. */
  @Test
  void refusesAVariableThatNoServiceReadsAndAcceptsThoseOfOthers() {
    assertThatThrownBy(() -> from("PENSTOCK_CONFGI", "x"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFGI");
    assertThatCode(() -> from("PENSTOCK_MAX_TURNS", "1")).doesNotThrowAnyException();
  }

  private static void from(String name, String value) {
    var environment =
        new Environment(Map.of("DATABASE_URL", "postgresql://u:p@h:1/n", name, value));
    SessionServiceConfig.from(environment, false);
  }
}
