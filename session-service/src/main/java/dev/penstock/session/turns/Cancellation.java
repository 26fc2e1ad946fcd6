package dev.penstock.session.turns;

import dev.penstock.contracts.session.Turn;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import java.time.Duration;
import java.util.UUID;

/** Cancels turns (turns.md T-34): marks them for a living owner, ends them for a dead one. */
final class Cancellation {
  /** A full lease: that long we must have lived to call another process dead (T-22). */
  private static final Duration LIFE = Duration.ofSeconds(5);

  private final StoredTurns turns;
  private final OrphanCloser closer;

  Cancellation(StoredTurns turns, OrphanCloser closer) {
    this.turns = turns;
    this.closer = closer;
  }

  /**
   * Cancels; twice is once, and a final turn stays as it is.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  Turn cancel(Caller caller, UUID id) {
    var found = find(caller, id);
    if (found.state().isFinal()) {
      return found;
    }
    turns.markCancelled(caller.tenant(), id);
    var marked = find(caller, id);
    return endIfOrphan(marked) ? find(caller, id) : marked;
  }

  /** Ends a marked turn if its owner is dead. */
  boolean endIfOrphan(Turn turn) {
    return !turn.state().isFinal()
        && !turn.ownerAlive()
        && closer.close(new OrphanCloser.Orphan(turn.id(), turn.attempt()), Duration.ZERO, LIFE);
  }

  private Turn find(Caller caller, UUID id) {
    return turns.find(caller, id).orElseThrow(Bodies::notFound).turn();
  }
}
