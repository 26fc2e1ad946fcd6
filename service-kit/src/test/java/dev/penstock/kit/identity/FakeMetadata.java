package dev.penstock.kit.identity;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A metadata server on a free port that numbers its tokens. */
final class FakeMetadata implements AutoCloseable {
  static final Duration LIFE = Duration.ofHours(1);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile List<Integer> statuses = List.of();
  private volatile String answer = "";

  FakeMetadata(Vertx vertx) {
    server = await(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
  }

  String host() {
    return "127.0.0.1:" + server.actualPort();
  }

  /** The next requests get these, all after them the last. */
  void answersWith(Integer... next) {
    asked.clear();
    statuses = List.of(next);
  }

  /** Every request gets this body from now on. */
  void says(String text) {
    answer = text;
  }

  /** What was asked for, with the header that keeps browsers out. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  static String jwt(String name, Instant end) {
    return part(new JsonObject().put("alg", "none"))
        + "."
        + part(new JsonObject().put("sub", name).put("exp", end.getEpochSecond()))
        + ".c2lnbmVk";
  }

  private void handle(HttpServerRequest request) {
    asked.add(request.getHeader("Metadata-Flavor") + " " + request.uri());
    var number = asked.size();
    var status = statuses.isEmpty() ? 200 : statuses.get(Math.min(number, statuses.size()) - 1);
    request
        .response()
        .setStatusCode(status)
        .end(answer.isEmpty() ? token(request, number) : answer);
  }

  private static String token(HttpServerRequest request, int number) {
    return request.path().endsWith("/identity")
        ? jwt("token-" + number, Instant.now().plus(LIFE)) + "\n"
        : new JsonObject()
            .put("access_token", "token-" + number)
            .put("expires_in", LIFE.toSeconds())
            .encode();
  }

  private static String part(JsonObject claims) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8));
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(server.close());
  }
}
