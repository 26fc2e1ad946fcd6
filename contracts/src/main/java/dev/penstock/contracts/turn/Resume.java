package dev.penstock.contracts.turn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a reader that names a position gets (turns.md T-28, sse.md section 3). */
public sealed interface Resume {
  /** Events with seq above {@code seq}, then live or terminal. */
  record After(int seq) implements Resume {}

  /** From {@code turn.accepted} on. */
  record FromStart() implements Resume {}

  /**
   * Ahead of the log of a living owner: wait until the log has {@code seq}, then go on after it.
   */
  record Await(int seq) implements Resume {}

  /** One {@code snapshot} of all text so far, then as without position. */
  record Snapshot(Reason reason) implements Resume {
    /** Why the position could not be used; the word on the wire is the name in lower case. */
    public enum Reason {
      NEW_ATTEMPT,
      REWIND
    }
  }

  /** The reader has everything: 204. */
  record Nothing() implements Resume {}

  /**
   * Decides. The answer to {@code Await} is out of date when the attempt or the state changes: then
   * decide again.
   *
   * @param position null for none
   * @param attempt the turn's current attempt
   * @param bases base of attempt 1, 2, …; all known
   * @param lastSeq last stored (or, on the owner, last assigned) seq
   * @param terminal whether {@code lastSeq} is the terminal event
   * @param ownerAlive whether somebody may still produce the awaited seq
   */
  static Resume decide(
      @Nullable Position position,
      int attempt,
      List<Integer> bases,
      int lastSeq,
      boolean terminal,
      boolean ownerAlive) {
    if (position == null) {
      return new FromStart();
    }
    if (position.attempt() > attempt) {
      return new Snapshot(Snapshot.Reason.REWIND);
    }
    if (position.attempt() < attempt) {
      return position.seq() <= new Bases(bases).limit((int) position.attempt())
          ? new After((int) position.seq())
          : new Snapshot(Snapshot.Reason.NEW_ATTEMPT);
    }
    if (position.seq() > lastSeq) {
      return !terminal && ownerAlive && position.seq() <= Integer.MAX_VALUE
          ? new Await((int) position.seq())
          : new Snapshot(Snapshot.Reason.REWIND);
    }
    return terminal && position.seq() == lastSeq ? new Nothing() : new After((int) position.seq());
  }

  /**
   * What is left of this decision once retention has dropped the turn's log: the text as one
   * snapshot, unless the reader has everything.
   */
  default Resume withoutLog() {
    return this instanceof Nothing ? this : new Snapshot(Snapshot.Reason.REWIND);
  }
}
