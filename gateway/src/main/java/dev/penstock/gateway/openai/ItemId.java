package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Item;
import java.util.Optional;
import java.util.UUID;

/** The id of an item of a conversation. */
sealed interface ItemId {
  /**
   * {@code msg_…}: a message, or what a tool answered.
   *
   * @param id of an answer its turn's, which is known before there is a message; of all else the
   *     message's own
   */
  record OfMessage(UUID id) implements ItemId {
    @Override
    public String text() {
      return PrefixedId.of(PrefixedId.MESSAGE, id);
    }
  }

  /** {@code fc_…}: a call, by the id that its answer names too. */
  record OfCall(String call) implements ItemId {
    @Override
    public String text() {
      return CALL + call;
    }
  }

  /** The prefix of calls. */
  String CALL = "fc_";

  /** The id as clients see it. */
  String text();

  static ItemId of(Item item) {
    var message = item.message();
    return new OfMessage(
        item.answer() && message.turnId() != null ? message.turnId() : message.id());
  }

  static ItemId of(ToolCall call) {
    return new OfCall(call.id());
  }

  /** The id that a client names; empty for what is none. */
  static Optional<ItemId> read(String text) {
    return text.startsWith(CALL) && text.length() > CALL.length()
        ? Optional.of(new OfCall(text.substring(CALL.length())))
        : PrefixedId.read(PrefixedId.MESSAGE, text).map(OfMessage::new);
  }
}
