package dev.penstock.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands before a service that lets in whom it knows, as Cloud Run's invoker does: a request
 * without an identity token of this very address gets 401, all others pass.
 */
final class GuardedDoor {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Queue<String> passed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger refused = new AtomicInteger();
  private final URI service;
  private final HttpClient client;
  private final HttpServer server;
  private volatile int leastNumber;

  GuardedDoor(Vertx vertx, URI service) {
    this.service = service;
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(200));
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Method and first segment of the path of what was let in. */
  Queue<String> passed() {
    return passed;
  }

  int refused() {
    return refused.get();
  }

  /** From now on only tokens with a higher number are good. */
  void forgetsTokensUpTo(int number) {
    leastNumber = number + 1;
  }

  private void handle(HttpServerRequest request) {
    if (!known(request)) {
      refused.incrementAndGet();
      request.response().setStatusCode(401).end("Your client does not have permission.");
      return;
    }
    passed.add(request.method() + " /" + request.path().split("/")[1]);
    request.pause();
    client
        .request(request.method(), service.getPort(), service.getHost(), request.uri())
        .onFailure(_ -> request.connection().close())
        .onSuccess(
            onward -> {
              onward.headers().addAll(request.headers());
              request.response().closeHandler(_ -> onward.reset());
              onward
                  .send(request)
                  .onFailure(_ -> request.connection().close())
                  .onSuccess(
                      answer -> {
                        var response = request.response().setStatusCode(answer.statusCode());
                        response.headers().addAll(answer.headers());
                        answer.pipeTo(response).onFailure(_ -> request.connection().close());
                      });
            });
  }

  private boolean known(HttpServerRequest request) {
    var shown = request.getHeader("Authorization");
    if (shown == null || !shown.startsWith("Bearer ")) {
      return false;
    }
    var claims = claims(shown.substring("Bearer ".length()));
    return claims.path("aud").asText().equals(address().toString())
        && claims.path("number").asInt() >= leastNumber;
  }

  private static JsonNode claims(String jwt) {
    try {
      return JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.")[1]));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
