package dev.penstock.gateway.turns;

import io.vertx.core.buffer.Buffer;

/**
 * How a dialect writes a turn whose readers can take nothing back (turns.md T-30). Its events are
 * numbered from 0 without a gap, and each is a function of its number and the log alone: the same
 * for every reader, on every instance, at any time.
 */
public interface AppendingEncoder {
  /**
   * Appends the event of that number.
   *
   * @return false if the log does not tell it: not yet, or, where the log has ended, never
   */
  boolean append(Buffer out, int number, LogView log);

  /** What keeps a silent connection open. */
  Buffer keepAlive();
}
