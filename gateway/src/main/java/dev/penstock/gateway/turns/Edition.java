package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.Position;
import dev.penstock.contracts.turn.Resume;
import org.jspecify.annotations.Nullable;

/**
 * What readers of a turn go by: its attempts and their text. A change of attempts, or of what may
 * still come, is another edition; more text is not. Immutable but for the transcript's growth.
 *
 * @param ownerAlive whether somebody may still produce what lies ahead
 * @param condensed the events' own bounds are lost: the text is one event
 */
record Edition(Bases bases, Transcript transcript, boolean ownerAlive, boolean condensed) {

  /** The current attempt. */
  int attempt() {
    return bases.attempt();
  }

  /**
   * The attempt that the id of an event names (T-31). That of the first one, which is not stored
   * but tells of the turn as it is, names the current one.
   */
  int attemptOf(int seq) {
    return seq == 0 ? bases.attempt() : bases.attemptOf(seq);
  }

  /**
   * What a reader with that position gets.
   *
   * @param last the transcript's last seq, taken before
   */
  Resume decide(@Nullable Position position, int last) {
    var ended = transcript.isTerminal(last);
    var resume = Resume.decide(position, bases.attempt(), bases.list(), last, ended, ownerAlive);
    if (condensed) {
      return resume.withoutLog();
    }
    // It counts, but has not been read from the log again yet.
    return resume instanceof Resume.After(var seq) && seq > last ? new Resume.Await(seq) : resume;
  }
}
