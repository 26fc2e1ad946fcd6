package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.turn.TerminalEvent;
import org.jspecify.annotations.Nullable;

/** What somebody who waits for a turn's end gets. */
public sealed interface TurnEnd {
  /**
   * The end is committed.
   *
   * @param failure why it failed, where this instance knows more than the event
   */
  record Committed(TerminalEvent event, @Nullable Failure failure) implements TurnEnd {}

  /** The end cannot be waited for here. */
  record SentAway(ReconnectReason reason) implements TurnEnd {}
}
