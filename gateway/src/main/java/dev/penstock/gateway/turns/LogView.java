package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.TerminalEvent;
import org.jspecify.annotations.Nullable;

/** As much of a turn's log as a reader may be told. */
public interface LogView {
  /** The last event; 0 while there is none but the turn itself. */
  int last();

  /** The end, whose seq is {@link #last}; null while there is none. */
  @Nullable TerminalEvent terminal();

  /** The text as UTF-8, valid up to the end of {@link #last}. */
  byte[] text();

  /** Offset behind the text of {@code seq}; 0 for 0. */
  int end(int seq);
}
