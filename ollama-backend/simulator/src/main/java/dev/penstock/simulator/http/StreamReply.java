package dev.penstock.simulator.http;

import dev.penstock.simulator.engine.Reply;
import dev.penstock.simulator.wire.DoneReason;
import dev.penstock.simulator.wire.FrameEncoder;
import dev.penstock.simulator.wire.GenerationMetrics;
import dev.penstock.simulator.wire.OllamaError;
import dev.penstock.simulator.wire.Said;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;

/**
 * An answer as NDJSON: one frame, one chunk, one flush. No byte, not even the status line, is sent
 * before the first frame.
 */
final class StreamReply implements Reply {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final FrameEncoder frames;
  private final Context context;

  StreamReply(HttpServerRequest request, FrameEncoder frames, Context context) {
    this.request = request;
    this.response = request.response();
    this.frames = frames;
    this.context = context;
  }

  @Override
  public void said(Said piece) {
    write(frames.said(Instant.now(), piece));
  }

  @Override
  public void done(DoneReason reason, GenerationMetrics metrics) {
    write(frames.done(Instant.now(), reason, context.of(metrics), metrics));
    response.end();
  }

  @Override
  public void failed(OllamaError error) {
    if (response.headWritten()) {
      write(error.body().appendByte((byte) '\n'));
      response.end();
    } else {
      Exchange.head(response.setStatusCode(error.status()), "application/json").setChunked(true);
      response.end(error.body());
    }
  }

  @Override
  public void garbage(Buffer bytes) {
    write(bytes);
  }

  @Override
  public void endWithoutFinalFrame() {
    begin();
    response.end();
  }

  @Override
  public void cut(boolean reset) {
    Connections.cut(request, reset);
  }

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public void onDrained(Runnable drained) {
    response.drainHandler(_ -> drained.run());
  }

  private void write(Buffer chunk) {
    begin();
    response.write(chunk);
  }

  private void begin() {
    if (!response.headWritten()) {
      Exchange.head(response, "application/x-ndjson").setChunked(true);
    }
  }
}
