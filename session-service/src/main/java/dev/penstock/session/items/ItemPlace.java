package dev.penstock.session.items;

import dev.penstock.contracts.turn.StorableText;
import dev.penstock.session.http.Bodies;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What names one entry of a conversation. */
sealed interface ItemPlace {
  /**
   * A message.
   *
   * @param id its own, or that of the turn whose answer it is
   */
  record OfMessage(UUID id) implements ItemPlace {}

  /**
   * A call that an assistant's message asks for; where two messages ask under the same id, the
   * later one.
   */
  record OfCall(String id) implements ItemPlace {}

  /**
   * The place that one of two parameters names; empty where neither is given.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request}
   */
  static Optional<ItemPlace> of(@Nullable String message, @Nullable String call) {
    if (message != null && call != null) {
      throw Bodies.invalid("Either a message or a call names one entry.");
    }
    if (message != null) {
      return Optional.of(new OfMessage(Bodies.id(message, "message")));
    }
    // As it is stored.
    return Optional.ofNullable(call).map(StorableText::of).map(OfCall::new);
  }
}
