package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.turn.TerminalEvent;
import io.vertx.core.buffer.Buffer;

/**
 * How a dialect writes a turn whose readers can be told that text is replaced; {@link
 * AppendingEncoder} is for those that cannot. Stateless: what it appends depends on its arguments
 * alone, so that one reader's bytes serve all of the dialect.
 *
 * <p>Each method appends one whole event. {@code attempt} and {@code seq} are the event's id; text
 * is UTF-8, whole scalar values, short enough for one event (SSE-11).
 */
public interface TurnEncoder {
  /** seq 0. */
  void accepted(Buffer out, TurnHead turn, int attempt);

  /** A place in the queue; has no id. */
  void queued(Buffer out, QueuePlace place);

  /** Text to append: {@code utf8[from, to)}. */
  void delta(Buffer out, TurnHead turn, int attempt, int seq, byte[] utf8, int from, int to);

  /** The first bytes of a text that is too long for one event; has no id. */
  void part(Buffer out, byte[] utf8, int from, int to);

  /**
   * Text that replaces everything so far: {@code utf8[0, to)}.
   *
   * @param current the attempt the turn is in now
   */
  void snapshot(
      Buffer out,
      TurnHead turn,
      int attempt,
      int seq,
      int current,
      byte[] utf8,
      int to,
      SnapshotReason reason);

  /** The last event. */
  void terminal(Buffer out, TurnHead turn, int attempt, int seq, TerminalEvent event);

  /** Asks the reader to come back; the stream is closed after it. */
  void reconnect(Buffer out, ReconnectReason reason, long retryAfterMs);

  /** The start of a stream's first event: how long to wait before a reconnect (SSE-29). */
  void retry(Buffer out, int millis);

  /** What keeps a silent connection open. */
  Buffer keepAlive();
}
