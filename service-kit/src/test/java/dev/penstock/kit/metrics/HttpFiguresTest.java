package dev.penstock.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests over real sockets, as the page tells them. */
class HttpFiguresTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Metrics metrics = new Metrics();
  private Vertx vertx = metrics.vertx();

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @Test
  void tellsStreamsFromOtherAnswersOnBothSides() {
    var port = listen();
    var client = vertx.createHttpClient();

    ask(client, port, "/things/7");
    ask(client, port, "/stream");

    assertThat(value("http_server_request_duration_seconds_count", "/things/:id", "\"false\""))
        .isEqualTo(1);
    assertThat(value("http_server_request_duration_seconds_count", "/stream", "\"true\""))
        .isEqualTo(1);
    var made = "http_client_request_duration_seconds_count";
    assertThat(value(made, "server_port=\"" + port + "\"", "\"false\"")).isEqualTo(1);
    assertThat(value(made, "server_port=\"" + port + "\"", "\"true\"")).isEqualTo(1);
  }

  /** What people put into a path is no label. */
  @Test
  void tellsRoutesAndNoPaths() {
    var port = listen();

    ask(vertx.createHttpClient(), port, "/things/secret");

    assertThat(metrics.scrape()).doesNotContain("secret");
  }

  @Test
  void countsARequestThatIsGivenUpAsOver() {
    var port = listen();
    var client = vertx.createHttpClient();
    var request = await(client.request(HttpMethod.GET, port, "127.0.0.1", "/never"));
    request.send();
    until(() -> value("http_server_active_requests") == 1);

    request.reset();

    until(() -> value("http_server_active_requests") == 0);
    until(() -> value("http_server_request_duration_seconds_count", "/never") == 1);
  }

  /** Two pools of one name are one too many for the registry, which says so in the log. */
  @Test
  void leavesThePoolsOfClientsAlone() {
    var port = listen();

    ask(vertx.createHttpClient(), port, "/stream");
    ask(vertx.createHttpClient(), port, "/stream");

    assertThat(metrics.scrape()).contains("vertx_pool_").doesNotContain("pool_type=\"http\"");
  }

  @Test
  void measuresNothingWhereRecordingIsOff() {
    await(vertx.close());
    metrics = new Metrics(false);
    vertx = metrics.vertx();

    ask(vertx.createHttpClient(), listen(), "/stream");

    assertThat(metrics.scrape()).doesNotContain("http_").contains("process_cpu_seconds_total");
  }

  private int listen() {
    var router = Router.router(vertx);
    router.route().handler(ctx -> ctx.next());
    router.get("/things/:id").handler(ctx -> ctx.end("one"));
    router
        .get("/stream")
        .handler(
            ctx ->
                ctx.response()
                    .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                    .end("data: one\n\n"));
    router.get("/never").handler(_ -> {});
    return await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
        .actualPort();
  }

  private static void ask(HttpClient client, int port, String path) {
    await(
        client
            .request(HttpMethod.GET, port, "127.0.0.1", path)
            .compose(request -> request.send().compose(response -> response.body())));
  }

  private double value(String name, String... parts) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(name))
        .filter(line -> java.util.Arrays.stream(parts).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static void until(java.util.function.BooleanSupplier holds) {
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          while (!holds.getAsBoolean()) {
            Thread.sleep(10);
          }
        });
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
