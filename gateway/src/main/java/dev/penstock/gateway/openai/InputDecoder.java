package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code input} of a response: a string, which is one user's message, or an array of items
 * (openai-api.md section 8.3).
 */
final class InputDecoder {
  private InputDecoder() {}

  /** The messages in their order; throws {@link OpenAiException} that names the member at fault. */
  static List<ChatMessage> decode(@Nullable JsonNode input, @Nullable String instructions) {
    var messages = new ArrayList<ChatMessage>();
    if (instructions != null) {
      messages.add(new ChatMessage(Role.SYSTEM, instructions));
    }
    if (input != null && input.isTextual()) {
      messages.add(new ChatMessage(Role.USER, StorableText.of(input.textValue())));
      return messages;
    }
    if (input == null || !input.isArray() || input.isEmpty()) {
      throw Members.invalid("input", "a string or an array of at least one item");
    }
    ItemDecoder.decode(input, "input", Map.of()).stream()
        .map(MessageDraft::said)
        .forEach(messages::add);
    return messages;
  }
}
