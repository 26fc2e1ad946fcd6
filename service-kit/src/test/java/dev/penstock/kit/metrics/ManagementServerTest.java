package dev.penstock.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
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
  void showsThemInTheFormatThatIsAskedFor() throws Exception {
    metrics.counter("a_number_total", "What it counts", 1, List.of()).of().increment();

    var plain = ask("GET", "/metrics");
    var open =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .header("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1")
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(plain.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(plain.body()).contains("# TYPE a_number_total counter", "a_number_total 1.0");
    assertThat(open.headers().firstValue("Content-Type"))
        .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(open.body()).contains("# TYPE a_number counter").endsWith("# EOF\n");
  }

  /** Who asks for the page is at work too, and so are probes; neither is traffic. */
  @Test
  void countsProbesAsActiveAndTimesThemNot() throws Exception {
    ask("GET", "/livez");

    assertThat(ask("GET", "/metrics").body())
        .contains("http_server_active_requests 1.0")
        .doesNotContain("http_route=\"/livez\"");
  }

  @Test
  void tellsWhatTheProcessUses() throws Exception {
    assertThat(ask("GET", "/metrics").body())
        .contains(
            "process_cpu_seconds_total ",
            "process_resident_memory_bytes ",
            "process_open_fds ",
            "process_max_fds ",
            "process_start_time_seconds ",
            "jvm_memory_used_bytes{area=\"heap\"} ",
            "jvm_gc_collection_seconds_count{",
            "jvm_threads_current ");
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
