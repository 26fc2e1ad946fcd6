package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Reliability F21: idle connections in their thousands harm nobody else. */
class IdleConnectionsIT {
  private static final int WANTED = 10_000;

  @Test
  void answersOthersWhileASecondProcessHoldsThousandsOfIdleConnections() throws IOException {
    var limit =
        ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
            .getMaxFileDescriptorCount();
    var count = (int) Math.min(WANTED, limit / 2);
    try (var cluster = Cluster.start(Cluster.Shape.ONE_OF_EACH)) {
      var idle = openIdle(cluster.gateway(0).getPort(), count);
      try (var said = new BufferedReader(idle.inputReader(StandardCharsets.UTF_8))) {
        assertThat(said.readLine()).isEqualTo(Integer.toString(count));

        var client = cluster.client(0);
        var session = client.newSession();
        var turn = client.turn(session, ask(20));

        assertThat(turn.untilEnd().name()).isEqualTo("turn.completed");
        assertThat(client.get("/health").status()).isEqualTo(200);
        idle.getOutputStream().close();
      } finally {
        idle.destroy();
      }
    }
  }

  private static Process openIdle(int port, int count) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            IdleConnections.class.getName(),
            Integer.toString(port),
            Integer.toString(count))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
