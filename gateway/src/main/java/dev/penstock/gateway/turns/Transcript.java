package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.TerminalEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The text of a turn as UTF-8, kept once, with the end offset of each event in it (turns.md T-9).
 *
 * <p>One thread writes; any number read without a lock. The writer publishes the last seq after
 * everything that belongs to it, so a reader takes {@link #last} first and then looks at nothing
 * beyond it.
 */
final class Transcript {
  private static final int NONE = -1;

  /** Arrays grow by replacement: who holds these may go on reading them. */
  private static final class Held {
    final byte[] text;
    final int[] ends;

    Held(byte[] text, int[] ends) {
      this.text = text;
      this.ends = ends;
    }
  }

  private final int firstSeq;
  private volatile Held held = new Held(new byte[512], new int[64]);
  private int length;
  private int snapshotSeq = NONE;
  private int terminalSeq = NONE;
  private @Nullable TerminalEvent terminal;
  private volatile int last;

  /**
   * @param firstSeq the first event it will hold; what lies before it has no text here
   */
  Transcript(int firstSeq) {
    this.firstSeq = firstSeq;
    this.last = firstSeq - 1;
  }

  /** Appends the next delta, whole scalar values. Writer only. */
  int append(byte[] utf8, int from, int to) {
    var next = last + 1;
    write(next, utf8, from, to);
    last = next;
    return next;
  }

  /** Appends a stored snapshot as the next event. Writer only. */
  int appendSnapshot(String text) {
    snapshotSeq = last + 1;
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    return append(utf8, 0, utf8.length);
  }

  /** Appends the last event of all. Writer only. */
  int end(TerminalEvent event) {
    var next = last + 1;
    terminal = event;
    terminalSeq = next;
    write(next, new byte[0], 0, 0);
    last = next;
    return next;
  }

  private void write(int seq, byte[] utf8, int from, int to) {
    var now = held;
    var index = seq - firstSeq;
    var size = length + to - from;
    if (size > now.text.length || index >= now.ends.length) {
      now =
          new Held(
              size > now.text.length
                  ? Arrays.copyOf(now.text, Math.max(size, 2 * now.text.length))
                  : now.text,
              index >= now.ends.length ? Arrays.copyOf(now.ends, 2 * now.ends.length) : now.ends);
      held = now;
    }
    System.arraycopy(utf8, from, now.text, length, to - from);
    length = size;
    now.ends[index] = size;
  }

  /** The last event published. */
  int last() {
    return last;
  }

  int firstSeq() {
    return firstSeq;
  }

  /** Offset behind the text of {@code seq}, which must not be beyond {@link #last}. */
  int end(int seq) {
    return seq < firstSeq ? 0 : held.ends[seq - firstSeq];
  }

  /** The bytes; valid up to the end of the last event the caller has taken. */
  byte[] text() {
    return held.text;
  }

  boolean isSnapshot(int seq) {
    return seq == snapshotSeq;
  }

  boolean isTerminal(int seq) {
    return seq == terminalSeq;
  }

  /** The terminal event, once {@code last} is its seq. */
  @Nullable TerminalEvent terminal() {
    return terminalSeq == last ? terminal : null;
  }

  boolean ended() {
    return terminalSeq == last;
  }

  /** The whole text as of now. */
  String string() {
    return new String(text(), 0, end(last()), StandardCharsets.UTF_8);
  }

  /** Another one with the events up to {@code seq}, for its writer to go on differently. */
  Transcript upTo(int seq) {
    var copy = new Transcript(firstSeq);
    for (var each = firstSeq; each <= Math.min(seq, last); each++) {
      if (isTerminal(each)) {
        return copy;
      }
      if (isSnapshot(each)) {
        copy.snapshotSeq = each;
      }
      copy.append(text(), end(each - 1), end(each));
    }
    return copy;
  }
}
