package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.turn.StorableText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code input} of a response: a string, which is one user's message, or an array of items
 * (openai-api.md section 8.3).
 */
final class InputDecoder {
  /** The member that it stands in. */
  static final String PARAM = "input";

  private InputDecoder() {}

  /**
   * The messages in their order; throws {@link OpenAiException} that names the member at fault.
   *
   * @param found the items that references name, by their ids
   */
  static List<MessageDraft> decode(@Nullable JsonNode input, Map<String, ObjectNode> found) {
    if (input != null && input.isTextual()) {
      return List.of(
          MessageDraft.of(new ChatMessage(Role.USER, StorableText.of(input.textValue()))));
    }
    if (input == null || !input.isArray() || input.isEmpty()) {
      throw Members.invalid(PARAM, "a string or an array of at least one item");
    }
    return ItemDecoder.decode(input, PARAM, found);
  }
}
