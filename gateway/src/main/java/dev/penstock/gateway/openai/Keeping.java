package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Accept;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a response is kept.
 *
 * @param background goes on without readers
 * @param previous the turn whose transcript comes before it; null for none
 * @param conversation the session it is a turn of; null for none. Never both
 */
record Keeping(boolean background, @Nullable UUID previous, @Nullable UUID conversation) {
  /** Where its turn stands. */
  Accept.Place place() {
    return conversation == null
        ? new Accept.Place.Chained(previous)
        : new Accept.Place.InSession(conversation);
  }

  /** The request's member that names what comes before it; null for none. */
  @Nullable String param() {
    if (conversation != null) {
      return "conversation";
    }
    return previous != null ? "previous_response_id" : null;
  }

  /** Adds what the response repeats of it. */
  void echo(ObjectNode echo) {
    echo.put("background", background);
    if (conversation != null) {
      echo.putObject("conversation")
          .put("id", PrefixedId.of(PrefixedId.CONVERSATION, conversation));
    }
    if (previous != null) {
      echo.put("previous_response_id", PrefixedId.of(PrefixedId.RESPONSE, previous));
    }
    echo.put("store", true);
  }
}
