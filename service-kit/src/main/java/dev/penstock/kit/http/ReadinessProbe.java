package dev.penstock.kit.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;

/**
 * Asks the service in this container whether it takes work, where the engine can only run a command
 * and the image has no other: {@code java -cp … dev.penstock.kit.http.ReadinessProbe}.
 */
final class ReadinessProbe {
  private static final int LIMIT_MS = (int) Duration.ofSeconds(2).toMillis();

  private ReadinessProbe() {}

  /** Exit 0 if {@code /readyz} on {@code MANAGEMENT_PORT} answers 200, else 1. */
  static void main() {
    System.exit(ready(Integer.parseInt(System.getenv("MANAGEMENT_PORT"))) ? 0 : 1);
  }

  static boolean ready(int port) {
    try {
      var readiness = URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
      readiness.setConnectTimeout(LIMIT_MS);
      readiness.setReadTimeout(LIMIT_MS);
      return ((HttpURLConnection) readiness).getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      System.err.println("not ready: " + e.getMessage());
      return false;
    }
  }
}
