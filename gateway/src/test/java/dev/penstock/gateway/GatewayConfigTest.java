package dev.penstock.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayConfigTest {
  @Test
  void startsOpenAndGuardedOnLoopback() {
    var config = from();

    assertThat(config.listen().port()).isEqualTo(8080);
    assertThat(config.guardLoopback()).isTrue();
    assertThat(config.frontEnd()).isFalse();
    assertThat(config.allowedOrigins()).isEmpty();
    assertThat(config.eventLoops()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.agents().find("production_agent")).isPresent();
  }

  @Test
  void leavesTheGuardToTheFrontEndWhereOneStandsBefore() {
    var config = from("AUTHENTICATION", "platform", "K_SERVICE", "gateway");

    assertThat(config.guardLoopback()).isFalse();
    assertThat(config.frontEnd()).isTrue();
  }

  /** A public gateway: Cloud Run's front end stands there and checks nobody. */
  @Test
  void knowsTheFrontEndOfCloudRunAlsoWhereEverybodyMayCall() {
    var environment = new Environment(Map.of("K_SERVICE", "gateway", "HOST", "0.0.0.0"));

    assertThat(GatewayConfig.from(environment, true).frontEnd()).isTrue();
  }

  @Test
  void takesListsOfNeighbours() {
    var config =
        from(
            "SESSION_SERVICE_URL",
            "http://a:1,http://b:2",
            "INFERENCE_PROXY_URL",
            "http://c:3,http://d:4");

    assertThat(config.store().addresses())
        .isEqualTo(List.of(URI.create("http://a:1"), URI.create("http://b:2")));
    assertThat(config.inference().proxies()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "PORT, http",
    "PENSTOCK_ALLOWED_ORIGINS, *",
    "PENSTOCK_ALLOWED_ORIGINS, https://app.example.com/",
    "PENSTOCK_ALLOWED_ORIGINS, app.example.com",
    "PENSTOCK_GATEWAY_EVENT_LOOPS, -1",
    "PENSTOCK_STORE_CONNECTIONS, 0",
    "SESSION_SERVICE_URL, session-service",
    "PENSTOCK_CONFIG, /no/such/file.yaml",
    "AUTHENTICATION, nobody",
    "AUTHENTICATION, identity",
    "PENSTOCK_KEY_LOOKUPS, 0",
  })
  void namesTheSettingThatIsWrong(String name, String value) {
    assertThatThrownBy(() -> from(name, value))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(name);
  }

  /** Design section 11; one environment may serve several services. */
  @Test
  void refusesAVariableThatNoServiceReadsAndAcceptsThoseOfOthers() {
    assertThatThrownBy(() -> from("PENSTOCK_CONFGI", "x"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CONFGI");
    assertThatCode(() -> from("PENSTOCK_POOL_QUEUE", "1", "PENSTOCK_QUEUE_PER_SLOT", "1"))
        .doesNotThrowAnyException();
  }

  @Test
  void listsEverySettingOnceWithAMeaning() {
    var settings = GatewayConfig.settings();

    assertThat(settings).extracting(setting -> setting.name()).doesNotHaveDuplicates();
    assertThat(settings).allSatisfy(setting -> assertThat(setting.meaning()).isNotBlank());
  }

  private static GatewayConfig from(String... variables) {
    var map = new HashMap<String, String>();
    for (var i = 0; i < variables.length; i += 2) {
      map.put(variables[i], variables[i + 1]);
    }
    return GatewayConfig.from(new Environment(map), false);
  }
}
