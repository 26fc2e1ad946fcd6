package dev.penstock.simulator.engine;

import dev.penstock.simulator.wire.DoneReason;
import dev.penstock.simulator.wire.GenerationMetrics;
import dev.penstock.simulator.wire.OllamaError;
import dev.penstock.simulator.wire.Said;
import io.vertx.core.buffer.Buffer;

/**
 * Where an answer goes: a stream of frames or one object. Exactly one of {@code done}, {@code
 * failed}, {@code endWithoutFinalFrame} and {@code cut} ends it.
 */
public interface Reply {
  /** A piece of what the model thinks, says or calls. */
  void said(Said piece);

  /** The final frame. */
  void done(DoneReason reason, GenerationMetrics metrics);

  /** A status while nothing was sent, an error line after. */
  void failed(OllamaError error);

  /** Bytes that are no frame. */
  void garbage(Buffer bytes);

  /** A proper end of the body, without the final frame. */
  void endWithoutFinalFrame();

  /** The connection breaks; by RST or by FIN. */
  void cut(boolean reset);

  /** Whether the client is behind; then the model waits too. */
  boolean full();

  /** Calls {@code drained} when the client has caught up. */
  void onDrained(Runnable drained);
}
