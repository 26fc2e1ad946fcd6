package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code messages} (openai-api.md section 4.2). Content is a string or an array of parts,
 * whose texts are joined without a separator.
 */
final class MessagesDecoder {
  private MessagesDecoder() {}

  /** The messages in their order; throws {@link OpenAiException} that names the member at fault. */
  static List<ChatMessage> decode(@Nullable JsonNode messages) {
    if (messages == null || !messages.isArray() || messages.isEmpty()) {
      throw Members.invalid("messages", "an array of at least one message");
    }
    var decoded = new ArrayList<ChatMessage>(messages.size());
    for (var at = 0; at < messages.size(); at++) {
      decoded.add(message(messages.get(at), "messages[" + at + "]"));
    }
    return List.copyOf(decoded);
  }

  private static ChatMessage message(JsonNode message, String param) {
    if (!message.isObject()) {
      throw Members.invalid(param, "an object");
    }
    var role = message.path("role").asText();
    return switch (role) {
      case "system", "developer" -> new ChatMessage(Role.SYSTEM, content(message, param, false));
      case "user" -> new ChatMessage(Role.USER, content(message, param, false));
      case "assistant" -> new ChatMessage(Role.ASSISTANT, assistant(message, param));
      case "tool" -> tool(message, param);
      case "function" -> throw Members.unsupported(param + ".role", "send role tool instead");
      default ->
          throw Members.invalid(
              param + ".role", "one of system, developer, user, assistant and tool");
    };
  }

  private static String assistant(JsonNode message, String param) {
    var called = message.path("tool_calls");
    if (message.path("content").isNull() || message.path("content").isMissingNode()) {
      if (!called.isArray() || called.isEmpty()) {
        throw Members.invalid(param + ".content", "a string or an array of parts");
      }
      return "";
    }
    return content(message, param, true);
  }

  private static ChatMessage tool(JsonNode message, String param) {
    if (!message.path("tool_call_id").isTextual()) {
      throw Members.invalid(param + ".tool_call_id", "a string");
    }
    return new ChatMessage(Role.TOOL, content(message, param, false));
  }

  private static String content(JsonNode message, String messageParam, boolean refusals) {
    var content = message.path("content");
    var param = messageParam + ".content";
    if (content.isTextual()) {
      return StorableText.of(content.textValue());
    }
    if (!content.isArray() || content.isEmpty()) {
      throw Members.invalid(param, "a string or an array of parts");
    }
    var text = new StringBuilder();
    for (var at = 0; at < content.size(); at++) {
      text.append(part(content.get(at), param + "[" + at + "]", refusals));
    }
    return StorableText.of(text.toString());
  }

  private static String part(JsonNode part, String param, boolean refusals) {
    var type = part.path("type").asText();
    var member = refusals && type.equals("refusal") ? "refusal" : "text";
    if (!type.equals(member)) {
      throw type.isEmpty()
          ? Members.invalid(param + ".type", "a string")
          : Members.unsupported(param + ".type", "only text is understood here");
    }
    if (!part.path(member).isTextual()) {
      throw Members.invalid(param + "." + member, "a string");
    }
    return part.path(member).textValue();
  }
}
