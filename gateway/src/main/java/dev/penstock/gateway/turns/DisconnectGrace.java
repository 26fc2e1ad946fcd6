package dev.penstock.gateway.turns;

import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Turn;

/**
 * Tells when a turn that is cancelled without readers has been without them for long enough
 * (turns.md T-33). Readers here are known at once, those elsewhere as of the last renewal.
 */
final class DisconnectGrace {
  private final boolean cancels;
  private final long graceNanos;
  private volatile boolean elsewhere;
  private volatile boolean everElsewhere;
  private volatile long elsewhereUntilNanos = System.nanoTime();

  DisconnectGrace(Turn turn) {
    cancels = turn.onDisconnect() == OnDisconnect.CANCEL;
    graceNanos = turn.disconnectGraceMs() * 1_000_000;
  }

  /** Whether other instances have readers, as they last told. Safe from any thread. */
  void elsewhere(boolean now) {
    if (now) {
      everElsewhere = true;
    } else if (elsewhere) {
      elsewhereUntilNanos = System.nanoTime();
    }
    elsewhere = now;
  }

  /** Whether the turn is to be cancelled. */
  boolean isOver(TurnFeed feed) {
    if (!cancels || elsewhere || feed.readers() > 0) {
      return false;
    }
    var now = System.nanoTime();
    return (feed.everWatched() || everElsewhere)
        && (!feed.everWatched() || now - feed.unwatchedSinceNanos() >= graceNanos)
        && (!everElsewhere || now - elsewhereUntilNanos >= graceNanos);
  }
}
