package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message that is to be stored. Images are not: a message that shows any is refused.
 *
 * @param extra a JSON object that the dialect keeps beside the text; null for none
 */
public record MessageDraft(
    ChatMessage said, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode extra) {
  public MessageDraft {
    extra = present(extra);
  }

  // Jackson reads a JSON null into a node that is one.
  static @Nullable JsonNode present(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node;
  }

  /** A message with nothing beside it. */
  public static MessageDraft of(ChatMessage said) {
    return new MessageDraft(said, null);
  }
}
