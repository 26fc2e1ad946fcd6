package dev.penstock.proxy.standin;

import dev.penstock.proxy.Await;
import dev.penstock.proxy.ProxyDriver;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A model server of some protocol, which serves one model and answers what a test writes. */
public final class StandIn implements AutoCloseable {
  static final String KEY = "stand-in-key";

  private final Vertx vertx;
  private final Protocol protocol;
  private final BlockingQueue<Chat> chats = new LinkedBlockingQueue<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final CompletableFuture<Boolean> sentAway = new CompletableFuture<>();
  private final HttpServer server;
  private volatile @Nullable Redirect redirect;

  private record Redirect(int status, String location) {}

  private StandIn(Vertx vertx, Protocol protocol) {
    this.vertx = vertx;
    this.protocol = protocol;
    this.server =
        Await.done(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
  }

  public static StandIn start(Vertx vertx, Protocol protocol) {
    return new StandIn(vertx, protocol);
  }

  /** Settings that a proxy in front needs beside its file. */
  public Map<String, String> settings() {
    return Map.of("STAND_IN_KEY", KEY, "GCE_METADATA_HOST", "127.0.0.1:" + server.actualPort());
  }

  /** A file with this server, whose model is called {@code gemma3:1b} by callers. */
  public Path file(Path folder) {
    try {
      return Files.writeString(
          folder.resolve("penstock.yaml"),
          "upstreams:\n" + upstream("up") + "models:\n" + model("gemma3:1b", "up"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server as an entry of a file's {@code upstreams}. */
  public String upstream(String name) {
    return "  - {name: %s, kind: %s, slots: 1, url: \"http://127.0.0.1:%d%s\"%s}\n"
        .formatted(name, protocol.kind(), server.actualPort(), protocol.path(), protocol.members());
  }

  /** Its model as an entry of a file's {@code models}. */
  public String model(String name, String upstream) {
    return "  - {name: \"%s\", upstreams: [{name: %s, model: served}]}\n".formatted(name, upstream);
  }

  /** A proxy in front of this server alone. */
  public ProxyDriver proxy(Path folder) {
    return ProxyDriver.startWith(file(folder), settings());
  }

  /** The next generation that is asked for. */
  public Chat awaitChat() {
    return Await.next(chats, "a request at the model server");
  }

  /** Generations asked for so far. */
  public int chatCount() {
    return arrived.get();
  }

  /** Answers nothing from now on but where to go instead. */
  public void sendsEverybodyTo(int status, String location) {
    redirect = new Redirect(status, location);
  }

  /** Waits until somebody was told so. */
  public void awaitSentAway() {
    Await.done(sentAway, "a request to be redirected");
  }

  @Override
  public void close() {
    Await.done(server.close());
  }

  private void handle(HttpServerRequest request) {
    var context = vertx.getOrCreateContext();
    var away = redirect;
    if (away != null) {
      request.response().setStatusCode(away.status()).putHeader("Location", away.location()).end();
      sentAway.complete(true);
      return;
    }
    request
        .body()
        .onSuccess(
            bytes -> {
              var body = bytes.length() == 0 ? new JsonObject() : bytes.toJsonObject();
              var aside = protocol.aside(request, body);
              if (aside == null) {
                arrived.incrementAndGet();
                chats.add(new Chat(request, body, context));
              } else {
                request
                    .response()
                    .setStatusCode(aside.getInteger("status", 200))
                    .end(aside.toBuffer());
              }
            });
  }

  /** One request for a generation; what it answers is the test's to say, from any thread. */
  public final class Chat {
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final JsonObject body;
    private final Context context;
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

    /** The text of the last message. */
    public String lastText() {
      return protocol.lastText(body);
    }

    public Chat says(String text) {
      return sends(protocol.delta(text));
    }

    public Chat sends(String raw) {
      return run(() -> head().write(Buffer.buffer(raw)));
    }

    public void breaksOff() {
      sends(protocol.brokenOff()).ends();
    }

    public void babbles() {
      sends(protocol.garbage());
    }

    public void finishes() {
      finishes(false, 14, 5);
    }

    /** The protocol's end and the end of the body. */
    public void finishes(boolean atItsBound, int inputTokens, int outputTokens) {
      sends(protocol.end(atItsBound, inputTokens, outputTokens)).ends();
    }

    /** A clean end of the body. */
    public void ends() {
      run(() -> head().end());
    }

    public void resets() {
      run(() -> request.connection().close());
    }

    public void refuses(int status, String message) {
      answers(status, protocol.refusal(status, message));
    }

    public void findsItTooLong() {
      answers(400, protocol.tooLong());
    }

    /** Sends the caller elsewhere. */
    public void redirects(int status, String location) {
      run(() -> response.setStatusCode(status).putHeader("Location", location).end());
    }

    /** A whole answer. */
    public void answers(int status, String text) {
      run(
          () ->
              response
                  .setStatusCode(status)
                  .putHeader("Content-Type", "application/json")
                  .end(text));
    }

    /** When the caller closed the connection, on the clock of {@link System#nanoTime}. */
    public long awaitCancelled() {
      return Await.done(cancelled, "the model server to see the connection closed");
    }

    /** Whether more can be written without the caller reading. */
    public boolean isBlocked() {
      return response.writeQueueFull();
    }

    private HttpServerResponse head() {
      if (!response.headWritten()) {
        response.setChunked(true).putHeader("Content-Type", protocol.contentType());
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
