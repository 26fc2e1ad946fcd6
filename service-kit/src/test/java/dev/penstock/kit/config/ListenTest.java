package dev.penstock.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Design section 11: nobody is served beyond loopback by accident. */
class ListenTest {
  @Test
  void listensOnLoopbackUnlessToldOtherwise() {
    var listen = Listen.from(environment(), 8080, false);

    assertThat(listen).isEqualTo(new Listen("127.0.0.1", 8080, null));
    assertThat(listen.loopback()).isTrue();
  }

  @Test
  void doesNotListenBeyondLoopbackWithoutAnIdentityCheck() {
    assertThatThrownBy(() -> Listen.from(environment("HOST", "0.0.0.0"), 8080, false))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("HOST is 0.0.0.0")
        .hasMessageContaining("AUTHENTICATION")
        .hasMessageContaining("--allow-unauthenticated");
    assertThatThrownBy(() -> Listen.from(environment("K_SERVICE", "gateway"), 8080, false))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void listensBeyondLoopbackBehindAnIdentityCheckOrWhenTyped() {
    var behind = environment("K_SERVICE", "gateway", "AUTHENTICATION", "platform", "PORT", "9000");

    assertThat(Listen.from(behind, 8080, false)).isEqualTo(new Listen("0.0.0.0", 9000, null));
    assertThat(Listen.authenticated(behind)).isTrue();
    assertThat(Listen.from(environment("HOST", "0.0.0.0"), 8080, true).loopback()).isFalse();
  }

  @Test
  void knowsOneKindOfIdentityCheck() {
    assertThatThrownBy(() -> Listen.from(environment("AUTHENTICATION", "none"), 8080, false))
        .hasMessageContaining("AUTHENTICATION must be platform but is \"none\"");
  }

  @Test
  void opensAManagementPortOnlyWhereOneIsNamed() {
    var listen = Listen.from(environment("MANAGEMENT_PORT", "0"), 8080, false);

    assertThat(listen.managementPort()).isZero();
  }

  @Test
  void namesAHostThatIsNone() {
    assertThatThrownBy(() -> Listen.from(environment("HOST", "no such host"), 8080, false))
        .hasMessageContaining("HOST");
  }

  private static Environment environment(String... variables) {
    var map = new HashMap<String, String>();
    for (var i = 0; i < variables.length; i += 2) {
      map.put(variables[i], variables[i + 1]);
    }
    return new Environment(Map.copyOf(map));
  }
}
