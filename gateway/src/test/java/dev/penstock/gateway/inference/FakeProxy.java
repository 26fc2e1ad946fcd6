package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEventEncoder;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An inference proxy whose answers the test dictates, over real HTTP. */
public final class FakeProxy implements AutoCloseable {
  public static final GenerationEvent.Finished FINISHED =
      new GenerationEvent.Finished(
          FinishReason.STOP, new Usage(14, 2, false), new Timings(0L, 0L, 1L, 2L, 3L));

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
  private final HttpServer server;
  private volatile List<ServedModel> models = List.of();
  private volatile Consumer<Asked> script = _ -> {};
  private final BlockingQueue<EmbeddingsRequest> embeddingsAsked = new LinkedBlockingQueue<>();
  private volatile float @Nullable [] embedding;

  public FakeProxy(Vertx vertx) {
    this(vertx, 0);
  }

  public FakeProxy(Vertx vertx, int port) {
    server =
        await(
            vertx
                .createHttpServer(
                    new HttpServerOptions().setHost("127.0.0.1").setSendBufferSize(16 * 1024))
                .requestHandler(this::handle)
                .listen(port));
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** What every generation gets from now on, on the server's loop. */
  public FakeProxy answers(Consumer<Asked> answer) {
    script = answer;
    return this;
  }

  public FakeProxy serves(ServedModel... served) {
    models = List.of(served);
    return this;
  }

  /** What every text becomes from now on; null for a model that makes no embeddings. */
  public FakeProxy embeds(float @Nullable [] vector) {
    embedding = vector;
    return this;
  }

  /** The next call for embeddings; fails after twenty seconds. */
  public EmbeddingsRequest nextEmbeddings() throws InterruptedException {
    var next = embeddingsAsked.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no embeddings were asked for");
    }
    return next;
  }

  /** The next generation asked for; fails after five seconds. */
  public Asked next() throws InterruptedException {
    var next = asked.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no generation was asked for");
    }
    return next;
  }

  /** How many were asked for and not looked at by {@link #next}. */
  public int unseen() {
    return asked.size();
  }

  @Override
  public void close() {
    await(server.close());
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/models")) {
      request.response().end(Wire.encode(new ServedModel.Page(models)));
    } else if (request.path().equals("/embeddings")) {
      request.body().onSuccess(body -> embed(request, body));
    } else if (request.path().endsWith("/probe")) {
      var id = request.path().split("/")[2].replace("%3A", ":");
      request
          .response()
          .end(
              Wire.encode(
                  models.stream()
                      .filter(model -> model.id().equals(id))
                      .findFirst()
                      .orElseThrow()));
    } else {
      request
          .body()
          .onSuccess(
              body -> {
                var generation = new Asked(request, Wire.decode(body, GenerationRequest.class));
                asked.add(generation);
                script.accept(generation);
              });
    }
  }

  private void embed(HttpServerRequest request, Buffer body) {
    var asked = Wire.decode(body, EmbeddingsRequest.class);
    embeddingsAsked.add(asked);
    var vector = embedding;
    if (vector == null) {
      request
          .response()
          .setStatusCode(400)
          .end("{\"code\":\"invalid_request\",\"detail\":\"This model makes no embeddings.\"}");
    } else {
      request
          .response()
          .end(
              Wire.encode(
                  new Embeddings(
                      asked.model(),
                      asked.inputs().stream().map(_ -> vector).toList(),
                      new Usage(7, 0, false))));
    }
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** One generation asked for. Its methods may be called from the test's thread. */
  public static final class Asked {
    private final HttpServerRequest http;
    private final GenerationRequest request;
    private final Context context = Vertx.currentContext();
    private final Promise<Long> closed = Promise.promise();

    private final AtomicInteger flooded = new AtomicInteger();

    Asked(HttpServerRequest http, GenerationRequest request) {
      this.http = http;
      this.request = request;
      http.response().closeHandler(_ -> closed.tryComplete(System.nanoTime()));
      http.response().exceptionHandler(_ -> closed.tryComplete(System.nanoTime()));
    }

    public GenerationRequest request() {
      return request;
    }

    public Asked tells(GenerationEvent... events) {
      var wire = Buffer.buffer();
      for (var event : events) {
        GenerationEventEncoder.append(wire, event);
      }
      return raw(wire);
    }

    public Asked says(String text) {
      return tells(new GenerationEvent.Delta(text));
    }

    public Asked raw(Buffer bytes) {
      context.runOnContext(
          _ -> {
            open();
            http.response().write(bytes);
          });
      return this;
    }

    public void finishes() {
      tells(FINISHED).ends();
    }

    public void ends() {
      context.runOnContext(_ -> http.response().end());
    }

    /** Breaks the connection off. */
    public void dies() {
      context.runOnContext(_ -> http.connection().close());
    }

    /** Answers with a problem instead of a stream. */
    public void refuses(int status, String code, @Nullable Long retryAfterMs) {
      context.runOnContext(
          _ ->
              http.response()
                  .setStatusCode(status)
                  .putHeader("Content-Type", "application/problem+json")
                  .end(
                      "{\"type\":\"/problems/%s\",\"code\":\"%s\",\"detail\":\"Said by the proxy.\",\"retry_after_ms\":%s}"
                          .formatted(code, code, retryAfterMs)));
    }

    /** Writes {@code pieces} deltas of {@code text} as fast as they are taken, then finishes. */
    public Asked floods(String text, int pieces) {
      context.runOnContext(_ -> flood(text, pieces));
      return this;
    }

    /** Deltas of the flood that were written. */
    public int flooded() {
      return flooded.get();
    }

    public boolean heldBack() {
      return http.response().writeQueueFull();
    }

    /** {@link System#nanoTime} when the connection was gone; fails after five seconds. */
    public long closedAt() {
      return await(closed.future());
    }

    public boolean isClosed() {
      return closed.future().isComplete();
    }

    private void open() {
      if (!http.response().headWritten()) {
        http.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
      }
    }

    private void flood(String text, int pieces) {
      var response = http.response();
      open();
      var left = pieces;
      while (left > 0 && !response.writeQueueFull()) {
        response.write(
            GenerationEventEncoder.append(Buffer.buffer(), new GenerationEvent.Delta(text)));
        left--;
        flooded.incrementAndGet();
      }
      var rest = left;
      if (rest > 0) {
        response.drainHandler(_ -> flood(text, rest));
      } else {
        response.end(GenerationEventEncoder.append(Buffer.buffer(), FINISHED));
      }
    }
  }
}
