package dev.penstock.gateway.turns;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseReader;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client of the native API that keeps what it was sent and assembles the text of it. */
final class EventClient {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<SseEvent> events = new ArrayList<>();
  private final StringBuilder raw = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final SseReader reader = new SseReader(this::event);
  private final CompletableFuture<HttpResponse<Void>> response;
  private HttpResponse.@Nullable ResponseInfo info;

  private EventClient(HttpRequest request) {
    response =
        HTTP.sendAsync(
            request,
            info -> {
              head(info);
              return HttpResponse.BodySubscribers.ofByteArrayConsumer(
                  piece -> piece.ifPresent(this::received));
            });
  }

  static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).header("accept", "text/event-stream");
  }

  static EventClient get(String url) {
    return new EventClient(request(url).build());
  }

  static EventClient get(String url, String lastEventId) {
    return new EventClient(request(url).header("last-event-id", lastEventId).build());
  }

  static EventClient send(HttpRequest.Builder request) {
    return new EventClient(request.build());
  }

  /** A request for anything but a stream. */
  static EventClient json(HttpRequest.Builder request) {
    return send(request.setHeader("accept", "application/json"));
  }

  static HttpRequest.Builder post(String url, String body) {
    return request(url)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private synchronized void head(HttpResponse.ResponseInfo now) {
    info = now;
    notifyAll();
  }

  private synchronized void received(byte[] piece) {
    raw.append(new String(piece, StandardCharsets.UTF_8));
    reader.feed(Buffer.buffer(piece));
    notifyAll();
  }

  private void event(SseEvent event) {
    events.add(event);
    switch (event.name()) {
      case "delta" -> text.append(json(event).get("text").textValue());
      case "response.output_text.delta" -> text.append(json(event).get("delta").textValue());
      case "snapshot" -> {
        text.setLength(0);
        text.append(json(event).get("text").textValue());
      }
      default -> {}
    }
  }

  static JsonNode json(SseEvent event) {
    try {
      return Wire.JSON.readTree(event.data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized String text() {
    return text.toString();
  }

  synchronized String raw() {
    return raw.toString();
  }

  synchronized List<SseEvent> events() {
    return List.copyOf(events);
  }

  List<String> names() {
    return events().stream().map(SseEvent::name).collect(Collectors.toList());
  }

  synchronized String lastEventId() {
    return reader.lastEventId();
  }

  /** Waits until the assembled text is {@code expected}. */
  EventClient awaitText(String expected) throws InterruptedException {
    return await(client -> client.text.toString().equals(expected), "text " + expected);
  }

  EventClient awaitEvent(String name) throws InterruptedException {
    return await(
        client -> client.events.stream().anyMatch(event -> event.name().equals(name)), name);
  }

  synchronized EventClient await(Predicate<EventClient> condition, String what)
      throws InterruptedException {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.test(this)) {
      var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("waited in vain for " + what + "; got\n" + raw);
      }
      wait(left);
    }
    return this;
  }

  /** Waits until the response is over; fails if it was cut off. */
  HttpResponse<Void> end() {
    return response.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Waits until the response was cut off. */
  Throwable cut() {
    return response.handle((_, thrown) -> thrown).orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** The response's head, as soon as it is there. */
  int status() throws InterruptedException {
    return head().statusCode();
  }

  private HttpResponse.ResponseInfo head() throws InterruptedException {
    await(client -> client.info != null, "a response");
    return Objects.requireNonNull(info);
  }

  String header(String name) throws InterruptedException {
    return head().headers().firstValue(name).orElse("");
  }

  UUID turn() throws InterruptedException {
    return UUID.fromString(header("x-turn-id"));
  }

  /** The whole body as a JSON document. */
  JsonNode document() {
    end();
    try {
      return Wire.JSON.readTree(raw());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isOver() {
    return response.isDone();
  }

  void leave() {
    response.cancel(true);
  }
}
