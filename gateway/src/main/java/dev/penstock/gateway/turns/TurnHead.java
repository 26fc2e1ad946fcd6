package dev.penstock.gateway.turns;

import dev.penstock.contracts.session.Turn;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What never changes of a turn, as its first event tells it.
 *
 * @param messageId the user's message
 * @param trace where in a trace it is generated; null where that is in none
 */
public record TurnHead(
    UUID id,
    @Nullable UUID sessionId,
    String model,
    @Nullable UUID messageId,
    @Nullable String trace) {

  /** The head of {@code turn}. */
  public static TurnHead of(Turn turn) {
    return new TurnHead(
        turn.id(), turn.sessionId(), turn.model(), turn.input().messageId(), turn.trace());
  }
}
