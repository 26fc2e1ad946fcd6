package dev.penstock.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
  private final Metrics metrics = new Metrics();
  private final Vertx vertx = metrics.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port =
      await(
              ManagementServer.listen(
                  vertx, "127.0.0.1", 0, "a-service", metrics, Optional::<String>empty))
          .actualPort();

  @AfterEach
  void close() {
    http.close();
    await(vertx.close());
  }

  @Test
  void showsTheMetrics() throws Exception {
    metrics.gauge("a_gauge", "What it counts", this, _ -> 7);

    assertThat(ask("GET", "/metrics").body()).contains("a_gauge 7.0");
  }

  @Test
  void answersWhatItDoesNotKnowWithAProblem() throws Exception {
    for (var unknown : new HttpResponse<?>[] {ask("GET", "/"), ask("POST", "/metrics")}) {
      assertThat(unknown.statusCode()).isIn(404, 405);
      assertThat(unknown.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(unknown.headers().firstValue("X-Request-Id")).isPresent();
    }
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
