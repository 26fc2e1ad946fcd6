package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.TerminalEvent;
import org.jspecify.annotations.Nullable;

/**
 * A transcript up to {@code until}.
 *
 * @param until the last seq that may be told, as the transcript numbers it
 * @param before how many events it does not have; the view counts from 1 behind them
 */
record TranscriptView(Transcript transcript, int until, int before) implements LogView {

  /**
   * What may be told of {@code edition}: what is confirmed, and a committed end. A text of which
   * the bounds are lost is one event.
   */
  static TranscriptView of(Edition edition, int confirmed) {
    var transcript = edition.transcript();
    var last = transcript.last();
    return new TranscriptView(
        transcript,
        transcript.isTerminal(last) ? last : Math.min(last, confirmed),
        edition.condensed() ? transcript.firstSeq() - 1 : 0);
  }

  @Override
  public int last() {
    return until - before;
  }

  @Override
  public @Nullable TerminalEvent terminal() {
    return transcript.isTerminal(until) ? transcript.terminal() : null;
  }

  @Override
  public byte[] text() {
    return transcript.text();
  }

  @Override
  public int end(int seq) {
    return transcript.end(seq + before);
  }
}
