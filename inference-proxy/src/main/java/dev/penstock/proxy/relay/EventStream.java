package dev.penstock.proxy.relay;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEventEncoder;
import dev.penstock.contracts.sse.SseWriter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * The caller's side of a generation: events in, server-sent events out.
 *
 * <p>What one tick of the event loop brings leaves in one write; each write of its own would cost a
 * flush and a system call. The head leaves with the first event. Confined to the response's event
 * loop.
 */
final class EventStream {
  private static final int EARLY_FLUSH_BYTES = 32 * 1024;
  private static final int WRITE_QUEUE_BYTES = 64 * 1024;
  private static final int USUAL_BYTES = 256;
  private static final int TICKS_TO_KEEP_ALIVE = 50;

  private static final CharSequence EVENT_STREAM =
      HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
  private static final CharSequence NO_STORE =
      HttpHeaders.createOptimized("no-store, no-transform");

  private final HttpServerResponse response;
  private final Backlog backlog;
  private final RelayLoop loop;
  private final Runnable whenFull;
  private Buffer gathered = Buffer.buffer(USUAL_BYTES);
  private boolean flushPending;
  private boolean begun;
  private boolean ended;
  private int quietTicks;
  private long gatheredSince;
  private long wroteAt;
  private boolean answering;

  /**
   * A stream that answers that request.
   *
   * @param whenFull called when the caller does not keep up
   * @param whenDrained called when it has caught up
   */
  EventStream(HttpServerRequest request, RelayLoop loop, Runnable whenFull, Runnable whenDrained) {
    this.response = request.response();
    this.backlog = new Backlog(request.connection());
    this.loop = loop;
    this.whenFull = whenFull;
    response.setWriteQueueMaxSize(WRITE_QUEUE_BYTES).drainHandler(_ -> whenDrained.run());
  }

  /** Whether a status was sent, so that a failure can only be an event. */
  boolean begun() {
    return begun;
  }

  void send(GenerationEvent event) {
    if (ended) {
      return;
    }
    if (gathered.length() == 0) {
      gatheredSince = loop.arrival();
    }
    GenerationEventEncoder.append(gathered, event);
    if (!begun || gathered.length() >= EARLY_FLUSH_BYTES) {
      flush();
    } else if (!flushPending) {
      flushPending = true;
      loop.flushSoon(this);
    }
  }

  /** What is written from the next event on is the answer itself. */
  void answerBegins() {
    answering = true;
  }

  /** What waits for the caller in this process. */
  long buffered() {
    return gathered.length() + backlog.bytes();
  }

  /** The last event, and the end of the body. */
  void end(GenerationEvent event) {
    if (ended) {
      return;
    }
    if (gathered.length() == 0) {
      gatheredSince = loop.arrival();
    }
    GenerationEventEncoder.append(gathered, event);
    begin();
    ended = true;
    var length = gathered.length();
    response.end(gathered);
    wrote(length);
  }

  /** Cuts the connection, so that what was sent cannot pass for whole. */
  void cut() {
    ended = true;
    response.reset();
  }

  /** Nothing can be sent any more. */
  void gone() {
    ended = true;
  }

  /**
   * Called ten times a second: after 5 s without output, a sign of life (sse.md SSE-26, SSE-27).
   */
  void tick() {
    if (begun && !ended && ++quietTicks >= TICKS_TO_KEEP_ALIVE) {
      quietTicks = 0;
      response.write(SseWriter.keepAlive());
    }
  }

  /** Writes what was gathered. */
  void flush() {
    flushPending = false;
    if (ended || gathered.length() == 0) {
      return;
    }
    begin();
    quietTicks = 0;
    var length = gathered.length();
    response.write(gathered);
    wrote(length);
    gathered = Buffer.buffer(USUAL_BYTES);
    if (response.writeQueueFull()) {
      whenFull.run();
    }
  }

  private void wrote(int length) {
    if (answering) {
      wroteAt = loop.meter().wrote(length, gatheredSince, wroteAt);
    } else {
      loop.meter().wroteAside(length);
    }
  }

  private void begin() {
    if (!begun) {
      begun = true;
      response
          .setChunked(true)
          .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
          .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
          .putHeader("X-Accel-Buffering", "no");
    }
  }
}
