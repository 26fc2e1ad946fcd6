package dev.penstock.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Looks for a real Ollama, as an evaluator's laptop may have one running. */
final class ModelServer {
  private static final Duration LIMIT = Duration.ofMillis(500);

  private ModelServer() {}

  /** Whether something there speaks Ollama's API within half a second. Blocks that long. */
  static boolean answers(URI address) {
    try (var http = HttpClient.newBuilder().connectTimeout(LIMIT).build()) {
      var request = HttpRequest.newBuilder(address.resolve("/api/version")).timeout(LIMIT).build();
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 && response.body().contains("version");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
