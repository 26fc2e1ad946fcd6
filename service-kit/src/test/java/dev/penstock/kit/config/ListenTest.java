package dev.penstock.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Design section 11: nobody is served beyond loopback by accident. */
class ListenTest {
  @Test
  void listensOnLoopbackUnlessToldOtherwise() {
    var listen = Listen.from(environment(), 8080, Authentication.OF_EDGE, false);

    assertThat(listen).isEqualTo(new Listen("127.0.0.1", 8080, null));
    assertThat(listen.loopback()).isTrue();
  }

  @Test
  void doesNotListenBeyondLoopbackWithoutAnIdentityCheck() {
    assertThatThrownBy(
            () -> Listen.from(environment("HOST", "0.0.0.0"), 8080, Authentication.OF_EDGE, false))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("HOST is 0.0.0.0")
        .hasMessageContaining("AUTHENTICATION")
        .hasMessageContaining("--allow-unauthenticated");
    assertThatThrownBy(
            () ->
                Listen.from(
                    environment("K_SERVICE", "gateway"), 8080, Authentication.OF_EDGE, false))
        .isInstanceOf(ConfigurationException.class);
  }

  @Test
  void listensBeyondLoopbackBehindAnIdentityCheckOrWhenTyped() {
    var behind = environment("K_SERVICE", "gateway", "AUTHENTICATION", "platform", "PORT", "9000");

    assertThat(Listen.from(behind, 8080, Authentication.OF_EDGE, false))
        .isEqualTo(new Listen("0.0.0.0", 9000, null));
    assertThat(
            Listen.from(environment("HOST", "0.0.0.0"), 8080, Authentication.OF_EDGE, true)
                .loopback())
        .isFalse();
  }

  @Test
  void saysWhichSettingLetsEachServiceListen() {
    assertThatThrownBy(() -> listen(Authentication.OF_EDGE, "HOST", "0.0.0.0"))
        .hasMessageContaining("AUTHENTICATION=keys")
        .hasMessageContaining("AUTHENTICATION=oidc");
    assertThatThrownBy(() -> listen(Authentication.OF_SERVICE, "HOST", "0.0.0.0"))
        .hasMessageContaining("AUTHENTICATION=identity");
    assertThatThrownBy(() -> listen(Authentication.OF_NONE, "HOST", "0.0.0.0"))
        .hasMessageContaining("AUTHENTICATION=platform");
  }

  @Test
  void listensBeyondLoopbackWhereTheServiceChecksItsCallersItself() {
    for (var checks : List.of("keys", "oidc", "keys,oidc", "keys, oidc")) {
      var listen = listen(Authentication.OF_EDGE, "HOST", "0.0.0.0", "AUTHENTICATION", checks);

      assertThat(listen.loopback()).isFalse();
    }
    assertThat(Authentication.OF_EDGE.of(environment("AUTHENTICATION", "keys, oidc")))
        .containsExactlyInAnyOrder(Authentication.Check.KEYS, Authentication.Check.OIDC);
    assertThat(Authentication.OF_SERVICE.of(environment("AUTHENTICATION", "identity")))
        .containsExactly(Authentication.Check.IDENTITY);
  }

  @Test
  void refusesAnIdentityCheckThatTheServiceDoesNotHave() {
    for (var checks : List.of("none", "identity", "keys,platform", "keys,", "KEYS")) {
      assertThatThrownBy(() -> listen(Authentication.OF_EDGE, "AUTHENTICATION", checks))
          .as(checks)
          .hasMessageContaining("AUTHENTICATION must be platform, or keys or oidc or both")
          .hasMessageContaining("\"" + checks + "\"");
    }
    assertThatThrownBy(() -> listen(Authentication.OF_SERVICE, "AUTHENTICATION", "keys"))
        .hasMessageContaining("AUTHENTICATION must be platform, or identity but is \"keys\"");
    assertThatThrownBy(() -> listen(Authentication.OF_NONE, "AUTHENTICATION", "keys"))
        .hasMessageContaining("AUTHENTICATION must be platform but is \"keys\"");
  }

  @Test
  void opensAManagementPortOnlyWhereOneIsNamed() {
    var listen =
        Listen.from(environment("MANAGEMENT_PORT", "0"), 8080, Authentication.OF_EDGE, false);

    assertThat(listen.managementPort()).isZero();
  }

  @Test
  void namesAHostThatIsNone() {
    assertThatThrownBy(
            () ->
                Listen.from(
                    environment("HOST", "no such host"), 8080, Authentication.OF_EDGE, false))
        .hasMessageContaining("HOST");
  }

  private static Listen listen(Authentication authentication, String... variables) {
    return Listen.from(environment(variables), 8080, authentication, false);
  }

  private static Environment environment(String... variables) {
    var map = new HashMap<String, String>();
    for (var i = 0; i < variables.length; i += 2) {
      map.put(variables[i], variables[i + 1]);
    }
    return new Environment(Map.copyOf(map));
  }
}
