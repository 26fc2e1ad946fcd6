package dev.penstock.local.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A server of chat completions at its worst: each of its models goes wrong in a way of its own, and
 * quotes all it was told while it does.
 */
final class QuotingServer implements AutoCloseable {
  /** What can go wrong. */
  static final List<String> MODELS =
      List.of("refuses", "breaks", "breaks-late", "babbles", "calls", "hangs");

  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;

  private QuotingServer(HttpServer server) {
    this.server = server;
  }

  static QuotingServer start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var quoting = new QuotingServer(server);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/models", exchange -> send(exchange, 200, list()));
    server.createContext("/v1/chat/completions", quoting::answer);
    server.createContext("/v1/embeddings", QuotingServer::breakOff);
    server.start();
    return quoting;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private static String list() {
    var models = new JsonArray();
    MODELS.forEach(model -> models.add(new JsonObject().put("id", model)));
    return new JsonObject().put("data", models).encode();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var told = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var error =
        new JsonObject().put("error", new JsonObject().put("message", "I was told " + told));
    switch (new JsonObject(told).getString("model")) {
      case "refuses" -> send(exchange, 400, error.encode());
      case "breaks" -> send(exchange, 500, error.encode());
      case "breaks-late" -> send(exchange, 200, event(delta("content", told)) + event(error));
      case "babbles" -> send(exchange, 200, "data: " + told.replace('{', '(') + "\n\n");
      case "calls" -> send(exchange, 200, event(call(told)) + "data: [DONE]\n\n");
      default -> {
        try {
          closed.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        exchange.close();
      }
    }
  }

  private static void breakOff(HttpExchange exchange) throws IOException {
    var told = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    send(exchange, 500, new JsonObject().put("error", told).encode());
  }

  private static JsonObject call(String told) {
    var function =
        new JsonObject()
            .put("name", "not_offered")
            .put("arguments", new JsonObject().put("told", told).encode());
    return delta(
        "tool_calls",
        new JsonArray()
            .add(
                new JsonObject()
                    .put("index", 0)
                    .put("id", "call_1")
                    .put("type", "function")
                    .put("function", function)));
  }

  private static JsonObject delta(String member, Object value) {
    return new JsonObject()
        .put(
            "choices",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("index", 0)
                        .put("delta", new JsonObject().put(member, value))));
  }

  private static String event(JsonObject data) {
    return "data: " + data.encode() + "\n\n";
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      var stream = body.startsWith("data:");
      exchange
          .getResponseHeaders()
          .set("Content-Type", stream ? "text/event-stream" : "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
