package dev.penstock.proxy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An Ollama whose answers a test writes itself, line by line or byte by byte, so that it can fail
 * in every way. Its lists, loads and probes answer by themselves.
 */
public final class FakeOllama implements AutoCloseable {
  private final Vertx vertx;
  private final BlockingQueue<Chat> chats = new LinkedBlockingQueue<>();
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();
  private final List<JsonObject> loads = new CopyOnWriteArrayList<>();
  private final List<String> models = new CopyOnWriteArrayList<>(List.of("gemma3:1b"));
  private final List<JsonObject> chatBodies = new CopyOnWriteArrayList<>();
  private volatile Future<Void> loadGate = Future.succeededFuture();
  private volatile boolean continues = true;
  private volatile List<String> capabilities = List.of("completion");
  private HttpServer server;

  private FakeOllama(Vertx vertx) {
    this.vertx = vertx;
    this.server = listen(0);
  }

  public static FakeOllama start(Vertx vertx) {
    return new FakeOllama(vertx);
  }

  /** One that has the model in memory. */
  public static FakeOllama startLoaded(Vertx vertx) {
    var ollama = new FakeOllama(vertx);
    ollama.loaded.add("gemma3:1b");
    return ollama;
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** The next chat that arrives. */
  public Chat awaitChat() {
    return Await.next(chats, "a chat at the model server");
  }

  public boolean hasChat() {
    return !chats.isEmpty();
  }

  /** Chats that arrived so far, probes and loads not counted. */
  public int chatCount() {
    return chatBodies.size();
  }

  public List<JsonObject> loads() {
    return loads;
  }

  public void installs(String... names) {
    models.clear();
    models.addAll(List.of(names));
  }

  public void startsAnswersOver() {
    continues = false;
  }

  /** Models can make embeddings and nothing else. */
  public void canOnlyEmbed() {
    capabilities = List.of("embedding");
  }

  /** Models can complete a text, and these things too. */
  public void can(String... more) {
    capabilities = Stream.concat(Stream.of("completion"), Stream.of(more)).toList();
  }

  /** From now on loads take until the returned promise is completed. */
  public Promise<Void> loadsSlowly() {
    var gate = Promise.<Void>promise();
    loadGate = gate.future();
    return gate;
  }

  /** From now on loads fail. */
  public void failsToLoad() {
    loadGate = Future.failedFuture("out of memory");
  }

  public boolean hasLoaded(String model) {
    return loaded.contains(model);
  }

  /** Stops listening; the port stays free for {@link #comeBack}. */
  public void goDown() {
    Await.done(server.close());
  }

  public void comeBack() {
    server = listen(server.actualPort());
  }

  @Override
  public void close() {
    Await.done(server.close());
  }

  private HttpServer listen(int port) {
    return Await.done(
        vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1"));
  }

  private void handle(HttpServerRequest request) {
    var context = vertx.getOrCreateContext();
    request.body().onSuccess(body -> route(request, body, context));
  }

  private void route(HttpServerRequest request, Buffer body, Context context) {
    switch (request.path()) {
      case "/api/tags" -> json(request, new JsonObject().put("models", tags()));
      case "/api/ps" -> json(request, new JsonObject().put("models", resident()));
      case "/api/show" -> json(request, show(body.toJsonObject()));
      case "/api/embed" -> embed(request, body.toJsonObject(), context);
      case "/api/chat" -> chat(request, body.toJsonObject(), context);
      default -> request.response().setStatusCode(404).end("404 page not found");
    }
  }

  private void chat(HttpServerRequest request, JsonObject body, Context context) {
    if (body.getJsonArray("messages").isEmpty()) {
      loads.add(body);
      var model = body.getString("model");
      loadGate.onFailure(
          _ -> request.response().setStatusCode(500).end("{\"error\":\"process has terminated\"}"));
      loadGate.onSuccess(
          _ ->
              context.runOnContext(
                  _ -> {
                    loaded.add(model);
                    json(request, new JsonObject().put("done", true).put("done_reason", "load"));
                  }));
    } else if (body.getBoolean("_debug_render_only", false)) {
      var last = body.getJsonArray("messages").getJsonObject(1).getString("content");
      var rendered = "<start_of_turn>model\n" + last + (continues ? "" : "<end_of_turn>\n");
      json(
          request,
          new JsonObject().put("_debug_info", new JsonObject().put("rendered_template", rendered)));
    } else {
      chatBodies.add(body);
      chats.add(new Chat(request, body, context));
    }
  }

  private void embed(HttpServerRequest request, JsonObject body, Context context) {
    if (body.getJsonArray("input").isEmpty()) {
      loads.add(body);
      loaded.add(body.getString("model"));
      json(request, new JsonObject().put("embeddings", new JsonArray()));
    } else {
      chats.add(new Chat(request, body, context));
    }
  }

  private JsonObject show(JsonObject asked) {
    var able = asked.getString("model").contains("embed") ? List.of("embedding") : capabilities;
    return new JsonObject()
        .put("capabilities", new JsonArray(able))
        .put("details", details())
        .put(
            "model_info",
            new JsonObject()
                .put("general.architecture", "gemma3")
                .put("general.parameter_count", 999_885_952)
                .put("gemma3.context_length", 32_768)
                .put("gemma3.embedding_length", 1152));
  }

  private static JsonObject details() {
    return new JsonObject()
        .put("family", "gemma3")
        .put("parameter_size", "999.89M")
        .put("quantization_level", "Q4_K_M");
  }

  private JsonArray tags() {
    var list = new JsonArray();
    models.forEach(
        name ->
            list.add(
                new JsonObject()
                    .put("name", name)
                    .put("model", name)
                    .put("modified_at", "2026-02-01T08:00:00.000000001Z")
                    .put("size", 815_319_791)
                    .put("digest", "ab12")
                    .put("details", details())));
    return list;
  }

  private JsonArray resident() {
    var list = new JsonArray();
    loaded.forEach(
        name -> list.add(new JsonObject().put("name", name).put("context_length", 4096)));
    return list;
  }

  private static void json(HttpServerRequest request, JsonObject body) {
    request
        .response()
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(body.toBuffer());
  }

  /** One chat request; what it answers is the test's to say, from any thread. */
  public static final class Chat {
    private final HttpServerResponse response;
    private final Context context;
    private final JsonObject body;
    private final HttpServerRequest request;
    private final CompletableFuture<Long> cancelled = new CompletableFuture<>();

    Chat(HttpServerRequest request, JsonObject body, Context context) {
      this.request = request;
      this.response = request.response();
      this.body = body;
      this.context = context;
      response.exceptionHandler(_ -> cancelled.complete(System.nanoTime()));
      response.closeHandler(_ -> cancelled.complete(System.nanoTime()));
    }

    public JsonObject body() {
      return body;
    }

    public Chat says(String text) {
      return sends(
          new JsonObject()
                  .put("model", body.getString("model"))
                  .put("message", new JsonObject().put("role", "assistant").put("content", text))
                  .put("done", false)
              + "\n");
    }

    public Chat sends(String raw) {
      return sends(Buffer.buffer(raw));
    }

    public Chat sends(Buffer raw) {
      return run(() -> head().write(raw));
    }

    /** The last line and the end of the body. */
    public void finishes(String reason, int promptTokens, int answerTokens) {
      sends(
          "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\""
              + reason
              + "\",\"load_duration\":2000000,\"prompt_eval_count\":"
              + promptTokens
              + ",\"prompt_eval_duration\":30000000,\"eval_count\":"
              + answerTokens
              + ",\"eval_duration\":120000000}\n");
      ends();
    }

    public void finishes() {
      finishes("stop", 14, 5);
    }

    /** A clean end of the body. */
    public void ends() {
      run(() -> head().end());
    }

    public void resets() {
      run(() -> request.connection().close());
    }

    /** One document and the end of the body. */
    public void answers(JsonObject document) {
      run(() -> json(request, document));
    }

    public void refuses(int status, String error) {
      run(
          () ->
              response
                  .setStatusCode(status)
                  .putHeader("Content-Type", "application/json")
                  .end(new JsonObject().put("error", error).toBuffer()));
    }

    /** When the caller closed the connection, on the clock of {@link System#nanoTime}. */
    public long awaitCancelled() {
      return Await.done(cancelled, "the model server to see the connection closed");
    }

    public boolean isCancelled() {
      return cancelled.isDone();
    }

    /** Whether more can be written without the caller reading. */
    public boolean isBlocked() {
      return response.writeQueueFull();
    }

    private HttpServerResponse head() {
      if (!response.headWritten()) {
        response.setChunked(true).putHeader("Content-Type", "application/x-ndjson");
      }
      return response;
    }

    private Chat run(Runnable action) {
      var done = new CompletableFuture<@Nullable Void>();
      context.runOnContext(
          _ -> {
            action.run();
            done.complete(null);
          });
      done.orTimeout(5, TimeUnit.SECONDS).join();
      return this;
    }
  }
}
