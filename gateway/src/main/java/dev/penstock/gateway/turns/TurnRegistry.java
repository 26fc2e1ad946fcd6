package dev.penstock.gateway.turns;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The turns this instance owns, over all its event loops. Safe from any thread. */
final class TurnRegistry {
  private final Map<UUID, OwnedTurn> owned = new ConcurrentHashMap<>();

  /**
   * Makes {@code turn} the one that is run under its id, unless this or a later attempt is already.
   *
   * @return the one that is
   */
  OwnedTurn register(OwnedTurn turn) {
    return owned.merge(
        turn.id(), turn, (known, newer) -> known.attempt() >= newer.attempt() ? known : newer);
  }

  /** The turn of that id; null if it is not ours or was read to its end. */
  @Nullable OwnedTurn find(UUID id) {
    return owned.get(id);
  }

  void remove(OwnedTurn turn) {
    owned.remove(turn.id(), turn);
  }

  /** All, the ended ones with readers included. */
  Collection<OwnedTurn> all() {
    return Collections.unmodifiableCollection(owned.values());
  }

  /** Turns that have not ended. */
  int running() {
    var running = 0;
    for (var each : owned.values()) {
      running += each.isOver() ? 0 : 1;
    }
    return running;
  }
}
