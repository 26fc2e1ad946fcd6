package dev.penstock.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every environment in {@code deploy/} is one the service starts from: each name is one of its
 * settings, each value one it takes, each configuration file one it reads.
 */
class DeployedEnvironmentTest {
  private static final Set<String> SET_BY_THE_PLATFORM = Set.of("K_SERVICE");

  /** The ports that images, probes and scrapers agree on. */
  private static final int PORT = 8080;

  private static final int MANAGEMENT_PORT = 9090;

  @Test
  void composeStartsServicesFromEnvironmentsTheyTake() throws IOException {
    var containers = Manifests.compose();

    assertThat(containers)
        .extracting(Container::service)
        .containsOnly("gateway", "session-service", "inference-proxy");
    containers.forEach(DeployedEnvironmentTest::isTaken);
  }

  @Test
  void kubernetesStartsServicesFromEnvironmentsTheyTake() throws IOException {
    var containers = Manifests.kubernetes();

    assertThat(containers).hasSize(8);
    containers.forEach(DeployedEnvironmentTest::isTaken);
  }

  @Test
  void cloudRunStartsServicesFromEnvironmentsTheyTakeInEveryVariant(@TempDir Path folder)
      throws IOException {
    var containers = Manifests.cloudRun(folder);

    assertThat(containers).hasSizeGreaterThan(30);
    containers.forEach(DeployedEnvironmentTest::isTaken);
  }

  private static void isTaken(Container container) {
    assertThat(unknown(container)).as(container.where()).isEmpty();
    var listen = container.read();
    if (!container.migrates()) {
      assertThat(listen.loopback()).as(container.where() + " reached from outside").isFalse();
      assertThat(listen.port()).as(container.where()).isEqualTo(PORT);
      assertThat(listen.managementPort()).as(container.where()).isEqualTo(MANAGEMENT_PORT);
    }
  }

  /** Names it does not read; OpenTelemetry's are for its own library. */
  private static List<String> unknown(Container container) {
    var names = new ArrayList<>(container.environment().keySet());
    names.removeAll(container.settings());
    names.removeAll(SET_BY_THE_PLATFORM);
    names.removeIf(name -> name.startsWith("OTEL_"));
    return names;
  }
}
