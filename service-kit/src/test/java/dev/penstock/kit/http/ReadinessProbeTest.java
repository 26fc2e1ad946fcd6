package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ReadinessProbeTest {
  @Test
  void isReadyWhereTheServiceSaysSo() throws IOException {
    assertThat(probed(200)).isTrue();
  }

  @Test
  void isNotReadyWhileTheServiceDrains() throws IOException {
    assertThat(probed(503)).isFalse();
  }

  @Test
  void isNotReadyWhereNobodyListens() throws IOException {
    var server = listening(200);
    var port = server.getAddress().getPort();
    server.stop(0);

    assertThat(ReadinessProbe.ready(port)).isFalse();
  }

  private static boolean probed(int status) throws IOException {
    var server = listening(status);
    try {
      return ReadinessProbe.ready(server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  private static HttpServer listening(int status) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/readyz",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
