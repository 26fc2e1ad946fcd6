package dev.penstock.simulator.http;

import dev.penstock.simulator.engine.Reply;
import dev.penstock.simulator.wire.DoneReason;
import dev.penstock.simulator.wire.FrameEncoder;
import dev.penstock.simulator.wire.GenerationMetrics;
import dev.penstock.simulator.wire.OllamaError;
import dev.penstock.simulator.wire.Said;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer as one object, sent when it is complete ({@code "stream":false}). */
final class WholeReply implements Reply {
  private final Exchange exchange;
  private final FrameEncoder frames;
  private final Context context;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final List<String> tokens = new ArrayList<>(0);
  private @Nullable String toolCalls;
  private final Buffer garbage = Buffer.buffer();

  WholeReply(Exchange exchange, FrameEncoder frames, Context context) {
    this.exchange = exchange;
    this.frames = frames;
    this.context = context;
  }

  @Override
  public void said(Said piece) {
    thoughts.append(piece.thinking());
    text.append(piece.content());
    tokens.addAll(piece.tokens());
    if (piece.toolCalls() != null) {
      toolCalls = piece.toolCalls();
    }
  }

  private Said all() {
    return new Said(text.toString(), thoughts.toString(), toolCalls, tokens);
  }

  @Override
  public void done(DoneReason reason, GenerationMetrics metrics) {
    var whole = frames.whole(Instant.now(), all(), reason, context.of(metrics), metrics);
    exchange.json(200, garbage.appendBuffer(whole));
  }

  @Override
  public void failed(OllamaError error) {
    exchange.refuse(error);
  }

  @Override
  public void garbage(Buffer bytes) {
    garbage.appendBuffer(bytes);
  }

  @Override
  public void endWithoutFinalFrame() {
    exchange.json(200, frames.unfinished(Instant.now(), all()));
  }

  @Override
  public void cut(boolean reset) {
    Connections.cut(exchange.request(), reset);
  }

  @Override
  public boolean full() {
    return false;
  }

  @Override
  public void onDrained(Runnable drained) {
    drained.run();
  }
}
