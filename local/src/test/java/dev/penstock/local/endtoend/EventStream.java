package dev.penstock.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseReader;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One open event stream and what it has told so far: the events, and the text they add up to. */
public final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final SseEvent END = new SseEvent("(end)", "", "");
  private static final SseEvent BROKEN = new SseEvent("(broken)", "", "");

  private final HttpResponse<InputStream> response;
  private final BlockingQueue<SseEvent> arrived = new LinkedBlockingQueue<>();
  private final List<SseEvent> seen = new ArrayList<>();
  private final Consumer<String> contract;
  private final Thread listener;
  private volatile @Nullable AssertionError violation;
  private String text = "";

  /**
   * @param contract gets the body once it is over, without an event that broke off, and throws
   *     where it is not as promised; whoever reads to the end, or closes, is told
   */
  EventStream(HttpResponse<InputStream> response, Consumer<String> contract) {
    this.response = response;
    this.contract = contract;
    this.listener = Thread.ofVirtual().name("events").start(this::read);
  }

  private void read() {
    var reader = new SseReader(arrived::add);
    var heard = new ByteArrayOutputStream();
    var piece = new byte[8192];
    var last = END;
    try (var body = response.body()) {
      for (int length; (length = body.read(piece)) >= 0; ) {
        heard.write(piece, 0, length);
        reader.feed(Buffer.buffer(Arrays.copyOf(piece, length)));
      }
    } catch (IOException e) {
      last = BROKEN;
    }
    var whole = heard.toString(StandardCharsets.UTF_8);
    try {
      contract.accept(last.equals(END) ? whole : whole.substring(0, whole.lastIndexOf("\n\n") + 1));
    } catch (AssertionError e) {
      violation = e;
    }
    arrived.add(last);
  }

  private void requireContract() {
    if (violation != null) {
      throw violation;
    }
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The next event, or empty where the stream has ended cleanly. */
  @Nullable SseEvent next() {
    try {
      var event = arrived.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw new AssertionError("nothing for " + LIMIT + " after " + seen);
      }
      if (event.equals(BROKEN) || event.equals(END)) {
        requireContract();
      }
      if (event.equals(BROKEN)) {
        throw new AssertionError("the connection broke after " + seen.size() + " events");
      }
      if (event.equals(END)) {
        return null;
      }
      seen.add(event);
      apply(event);
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void apply(SseEvent event) {
    switch (event.name()) {
      case "delta" -> text += data(event).get("text").asText();
      case "response.output_text.delta" -> text += data(event).get("delta").asText();
      case "snapshot" -> text = data(event).get("text").asText();
      default -> {
        // carries no text
      }
    }
  }

  /** Reads until an event satisfies {@code wanted}, and returns it. */
  SseEvent until(Predicate<SseEvent> wanted) {
    for (var event = next(); event != null; event = next()) {
      if (wanted.test(event)) {
        return event;
      }
    }
    throw new AssertionError("the stream ended after " + names());
  }

  public SseEvent untilNamed(String name) {
    return until(event -> event.name().equals(name));
  }

  /** Reads until the text is at least {@code length} characters long. */
  EventStream untilText(int length) {
    until(_ -> text.length() >= length);
    return this;
  }

  /** Reads to the clean end and returns the last event. */
  SseEvent untilEnd() {
    untilBareEnd();
    return seen.getLast();
  }

  /** Reads to the clean end, of which there may be nothing before. */
  void untilBareEnd() {
    while (next() != null) {
      // read on
    }
  }

  /** Waits for the connection to be cut, and fails if it ends cleanly. */
  void untilBroken() {
    try {
      for (; ; ) {
        var event = arrived.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (event == null || event.equals(END)) {
          throw new AssertionError("not cut: " + event);
        }
        if (event.equals(BROKEN)) {
          requireContract();
          return;
        }
        seen.add(event);
        apply(event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode data(SseEvent event) {
    try {
      return JSON.readTree(event.data());
    } catch (IOException e) {
      throw new UncheckedIOException(event.data(), e);
    }
  }

  /** What the deltas and snapshots add up to. */
  String text() {
    return text;
  }

  List<SseEvent> seen() {
    return seen;
  }

  List<String> names() {
    return seen.stream().map(SseEvent::name).distinct().toList();
  }

  /** The position of the last event that had one. */
  String position() {
    return seen.getLast().lastEventId();
  }

  String turnId() {
    return header("x-turn-id");
  }

  /** Leaves without reading on, as a closed laptop does. */
  @Override
  public void close() {
    try {
      response.body().close();
      if (!listener.join(LIMIT)) {
        throw new AssertionError("the closed stream is still being read");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    requireContract();
  }
}
