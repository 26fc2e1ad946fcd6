package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.session.Turn;
import io.vertx.core.Future;
import java.util.Optional;

/** What a request for a turn led to. */
public sealed interface Begun {
  /** The turn as it was accepted, or as it is. */
  Turn turn();

  /** Whether an earlier request with the same key began it. */
  boolean replayed();

  /**
   * This instance runs it.
   *
   * @param replayed started over under its key (turns.md T-19)
   * @param door completes when the status line is due: with the refusal if the turn was refused at
   *     the door, else empty
   */
  record Running(Turn turn, boolean replayed, TurnFeed feed, Future<Optional<Failure>> door)
      implements Begun {}

  /**
   * The key is known: the turn exists, running somewhere or final (T-5).
   *
   * @param door as for a running one
   */
  record Existing(Turn turn, Future<Optional<Failure>> door) implements Begun {
    @Override
    public boolean replayed() {
      return true;
    }
  }
}
