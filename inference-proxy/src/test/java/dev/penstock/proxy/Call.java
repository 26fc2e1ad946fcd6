package dev.penstock.proxy;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEventDecoder;
import dev.penstock.contracts.sse.SseReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** One request to the proxy and what comes back, for a test thread to wait for. */
public final class Call {
  private final CompletableFuture<HttpClientRequest> sent = new CompletableFuture<>();
  private final CompletableFuture<HttpClientResponse> head = new CompletableFuture<>();
  private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private final Buffer body = Buffer.buffer();

  Call(HttpClient client, HttpMethod method, int port, String path, String json) {
    client
        .request(method, port, "127.0.0.1", path)
        .onFailure(head::completeExceptionally)
        .onSuccess(
            request -> {
              request.response().onSuccess(this::answered).onFailure(head::completeExceptionally);
              request.putHeader("Content-Type", "application/json").end(json);
              sent.complete(request);
            });
  }

  private void answered(HttpClientResponse response) {
    var reader = new SseReader(event -> events.add(GenerationEventDecoder.decode(event)));
    response.handler(
        piece -> {
          synchronized (body) {
            body.appendBuffer(piece);
          }
          if (response.statusCode() == 200) {
            reader.feed(piece);
          }
        });
    response.endHandler(_ -> end.complete(true));
    response.exceptionHandler(_ -> end.complete(false));
    head.complete(response);
  }

  public int status() {
    return Await.done(head, "the proxy's status").statusCode();
  }

  /** Whether a status other than 200 has come. */
  public boolean isRefused() {
    return head.isDone() && status() != 200;
  }

  public String header(String name) {
    return String.valueOf(Await.done(head, "the proxy's head").getHeader(name));
  }

  /** The next event. */
  public GenerationEvent next() {
    return Await.next(events, "an event of the proxy");
  }

  /** The next event, which must be of that type; places in the queue are passed over. */
  public <T extends GenerationEvent> T next(Class<T> type) {
    var event = next();
    while (event instanceof GenerationEvent.Queued && type != GenerationEvent.Queued.class) {
      event = next();
    }
    if (!type.isInstance(event)) {
      throw new AssertionError("expected " + type.getSimpleName() + " but got " + event);
    }
    return type.cast(event);
  }

  /** Waits for the end of a generation that completes, whatever comes before it. */
  public GenerationEvent.Finished finish() {
    var event = next();
    while (!(event instanceof GenerationEvent.Finished)) {
      if (event instanceof GenerationEvent.Failed) {
        throw new AssertionError("expected an end but got " + event);
      }
      event = next();
    }
    return (GenerationEvent.Finished) event;
  }

  /** Waits for the end of a generation that completes; every event of it, places left out. */
  public List<GenerationEvent> events() {
    var events = new ArrayList<GenerationEvent>();
    while (events.isEmpty() || !(events.getLast() instanceof GenerationEvent.Finished)) {
      switch (next()) {
        case GenerationEvent.Queued _ -> {}
        case GenerationEvent.Failed failed -> throw new AssertionError("failed: " + failed);
        case GenerationEvent event -> events.add(event);
      }
    }
    return events;
  }

  /** Waits for that text, in however many deltas. */
  public Call awaitText(String text) {
    var read = new StringBuilder();
    while (read.length() < text.length()) {
      switch (next()) {
        case GenerationEvent.Delta(var piece) -> read.append(piece);
        case GenerationEvent.Scored(var piece, _) -> read.append(piece);
        case GenerationEvent.Queued _,
            GenerationEvent.Started _,
            GenerationEvent.Thought _,
            GenerationEvent.Called _ -> {}
        case GenerationEvent.Finished _, GenerationEvent.Failed _ ->
            throw new AssertionError("ended after \"" + read + "\"");
      }
    }
    if (!read.toString().equals(text)) {
      throw new AssertionError("expected \"" + text + "\" but got \"" + read + "\"");
    }
    return this;
  }

  /** Whether the body ended cleanly rather than with a broken connection. */
  public boolean endsCleanly() {
    return Await.done(end, "the end of the proxy's answer");
  }

  /** What of the body is there. */
  public String received() {
    synchronized (body) {
      return body.toString();
    }
  }

  /** The whole body, once it has ended. */
  public String text() {
    endsCleanly();
    return received();
  }

  public JsonObject json() {
    return new JsonObject(text());
  }

  /** Closes the connection; returns when, on the clock of {@link System#nanoTime}. */
  public long leave() {
    var request = Await.done(sent, "the request to be sent");
    var now = System.nanoTime();
    request.reset();
    return now;
  }

  public void stopsReading() {
    Await.done(head, "the proxy's head").pause();
  }

  public void readsOn() {
    Await.done(head, "the proxy's head").resume();
  }
}
