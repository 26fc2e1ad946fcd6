package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.Position;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One reader's place in a turn's text, and the events that bring it further. Holds no text of its
 * own. Confined to the reader's context.
 */
final class ReaderCursor {
  /**
   * Of the text in one event: with its frame, and with what may wait before it, it stays below 64
   * KiB (SSE-11, SSE-40).
   */
  static final int MAX_LITERAL_BYTES = 48 * 1024;

  /** Of the text of several deltas in one event (SSE-18). */
  static final int MERGED_LITERAL_BYTES = 12 * 1024;

  private final TurnHead turn;
  private final TurnEncoder encoder;
  private boolean begun;
  private int attempt = 1;
  private int seq;
  private int offset;
  private @Nullable SnapshotReason rewind;

  ReaderCursor(TurnHead turn, TurnEncoder encoder) {
    this.turn = turn;
    this.encoder = encoder;
  }

  /** Goes on behind {@code seq}, which the reader has. */
  void after(Edition edition, int seq) {
    begun = true;
    rewind = null;
    moved(edition, seq);
  }

  /** Sends everything from the first event on. */
  void fromStart() {
    begun = false;
    seq = 0;
    offset = 0;
    rewind = null;
  }

  /** Sends the whole text next. */
  void rewind(SnapshotReason reason) {
    begun = true;
    rewind = reason;
  }

  /** The last event the reader has. */
  Position position() {
    return new Position(turn.id(), attempt, seq);
  }

  int seq() {
    return seq;
  }

  /** Whether it is decided that the reader has the first event. */
  boolean begun() {
    return begun;
  }

  /** Whether all text up to the cursor's own event was sent, and no part of the next. */
  boolean isWhole(Transcript transcript) {
    return begun && rewind == null && offset == transcript.end(seq);
  }

  /** Takes over what another reader's equal cursor became by the same bytes. */
  void jump(Edition edition, int to) {
    moved(edition, to);
  }

  /**
   * Appends events until the cursor is at {@code last} or {@code out} holds {@code maxBytes} or
   * more, and never more than one event beyond that.
   *
   * @return whether it is at {@code last}
   */
  boolean advance(Edition edition, int last, Buffer out, int maxBytes) {
    while (out.length() < maxBytes) {
      if (!begun) {
        begun = true;
        attempt = edition.attempt();
        encoder.accepted(out, turn, attempt);
      } else if (rewind != null) {
        rewound(edition, last, out, rewind);
        rewind = null;
      } else if (seq >= last) {
        return true;
      } else {
        next(edition, last, out);
      }
    }
    return begun && rewind == null && seq >= last;
  }

  private void next(Edition edition, int last, Buffer out) {
    var transcript = edition.transcript();
    var next = seq + 1;
    if (transcript.isTerminal(next)) {
      var event = transcript.terminal();
      if (event == null) {
        throw new IllegalStateException("terminal seq without event");
      }
      moved(edition, next);
      encoder.terminal(out, turn, attempt, next, event);
    } else if (transcript.isSnapshot(next) && offset == transcript.end(seq)) {
      stored(edition, next, out);
    } else {
      deltas(edition, last, out);
    }
  }

  private void deltas(Edition edition, int last, Buffer out) {
    var transcript = edition.transcript();
    var text = transcript.text();
    var from = offset;
    var to = furthest(transcript, text, last);
    if (to > seq) {
      moved(edition, to);
      encoder.delta(out, turn, attempt, to, text, from, offset);
      return;
    }
    // Not even one fits: its id goes with its last part.
    offset = TextCut.withinLiteral(text, from, transcript.end(seq + 1), MERGED_LITERAL_BYTES);
    encoder.part(out, text, from, offset);
  }

  /** The last seq whose text, together with all before it, fits into one event. */
  private int furthest(Transcript transcript, byte[] text, int last) {
    var cut = TextCut.withinLiteral(text, offset, transcript.end(last), MERGED_LITERAL_BYTES);
    var to = seq;
    while (to < last
        && !transcript.isTerminal(to + 1)
        && !(to > seq && transcript.isSnapshot(to + 1))
        && transcript.end(to + 1) <= cut) {
      to++;
    }
    if (to == seq) {
      var end = transcript.end(seq + 1);
      return TextCut.withinLiteral(text, offset, end, MAX_LITERAL_BYTES) == end ? seq + 1 : seq;
    }
    return to;
  }

  private void stored(Edition edition, int next, Buffer out) {
    var transcript = edition.transcript();
    var text = transcript.text();
    var end = transcript.end(next);
    var cut = TextCut.withinLiteral(text, 0, end, MAX_LITERAL_BYTES);
    var whole = cut == end;
    if (whole) {
      moved(edition, next);
    }
    offset = cut;
    encoder.snapshot(
        out,
        turn,
        edition.attemptOf(next),
        whole ? next : seq,
        edition.attempt(),
        text,
        cut,
        SnapshotReason.CONTINUE);
  }

  private void rewound(Edition edition, int last, Buffer out, SnapshotReason reason) {
    var transcript = edition.transcript();
    var text = transcript.text();
    var until = transcript.isTerminal(last) ? last - 1 : last;
    var all = transcript.end(until);
    var cut = TextCut.withinLiteral(text, 0, all, MAX_LITERAL_BYTES);
    var to = wholeWithin(transcript, until, cut);
    if (transcript.end(to) > 0) {
      cut = transcript.end(to);
    }
    moved(edition, to);
    offset = cut;
    encoder.snapshot(out, turn, attempt, to, edition.attempt(), text, cut, reason);
  }

  private static int wholeWithin(Transcript transcript, int until, int cut) {
    var low = 0;
    var high = until;
    while (low < high) {
      var middle = (low + high + 1) >>> 1;
      if (transcript.end(middle) <= cut) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private void moved(Edition edition, int to) {
    seq = to;
    offset = edition.transcript().end(to);
    attempt = edition.attemptOf(to);
  }
}
