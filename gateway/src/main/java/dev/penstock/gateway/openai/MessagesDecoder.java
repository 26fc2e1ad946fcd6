package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code messages} (openai-api.md section 4.2). One decoder per request: a tool's answer is
 * given the name of the tool from the call it answers.
 */
final class MessagesDecoder {
  private final Map<String, String> calledTools = new HashMap<>();

  private MessagesDecoder() {}

  /** The messages in their order; throws {@link OpenAiException} that names the member at fault. */
  static List<ChatMessage> decode(@Nullable JsonNode messages) {
    if (messages == null || !messages.isArray() || messages.isEmpty()) {
      throw Members.invalid("messages", "an array of at least one message");
    }
    var decoder = new MessagesDecoder();
    var decoded = new ArrayList<ChatMessage>(messages.size());
    for (var at = 0; at < messages.size(); at++) {
      decoded.add(decoder.message(messages.get(at), "messages[" + at + "]"));
    }
    return List.copyOf(decoded);
  }

  private ChatMessage message(JsonNode message, String param) {
    if (!message.isObject()) {
      throw Members.invalid(param, "an object");
    }
    return switch (message.path("role").asText()) {
      case "system", "developer" -> new ChatMessage(Role.SYSTEM, text(message, param));
      case "user" -> user(message, param);
      case "assistant" -> assistant(message, param);
      case "tool" -> tool(message, param);
      case "function" -> throw Members.unsupported(param + ".role", "send role tool instead");
      default ->
          throw Members.invalid(
              param + ".role", "one of system, developer, user, assistant and tool");
    };
  }

  private static ChatMessage user(JsonNode message, String param) {
    var content = ContentDecoder.OF_USER.decode(message.path("content"), param + ".content");
    return ChatMessage.showing(content.text(), content.images());
  }

  private ChatMessage assistant(JsonNode message, String param) {
    var calls = calls(message.path("tool_calls"), param + ".tool_calls");
    var content = message.path("content");
    var silent = content.isNull() || content.isMissingNode();
    if (silent && !calls.isEmpty()) {
      return ChatMessage.calling("", calls);
    }
    return ChatMessage.calling(
        ContentDecoder.OF_ASSISTANT.decode(content, param + ".content").text(), calls);
  }

  private ChatMessage tool(JsonNode message, String param) {
    var id = message.path("tool_call_id");
    if (!id.isTextual()) {
      throw Members.invalid(param + ".tool_call_id", "a string");
    }
    var call = StorableText.of(id.textValue());
    return ChatMessage.toolResult(call, calledTools.get(call), text(message, param));
  }

  private static String text(JsonNode message, String param) {
    return ContentDecoder.TEXT.decode(message.path("content"), param + ".content").text();
  }

  private List<ToolCall> calls(JsonNode calls, String param) {
    if (calls.isMissingNode() || calls.isNull()) {
      return List.of();
    }
    if (!calls.isArray()) {
      throw Members.invalid(param, "an array of calls");
    }
    var decoded = new ArrayList<ToolCall>(calls.size());
    for (var at = 0; at < calls.size(); at++) {
      var call = call(calls.get(at), param + "[" + at + "]");
      calledTools.put(call.id(), call.name());
      decoded.add(call);
    }
    return decoded;
  }

  private static ToolCall call(JsonNode call, String param) {
    var type = call.path("type");
    if (!type.isMissingNode() && !type.asText().equals("function")) {
      throw Members.unsupported(param + ".type", "only functions can be called");
    }
    var function = call.path("function");
    return new ToolCall(
        text(call, "id", param),
        text(function, "name", param + ".function"),
        arguments(text(function, "arguments", param + ".function"), param));
  }

  // Clients send back what a model gave them, and for no arguments some give no text at all.
  private static String arguments(String text, String param) {
    var arguments = text.isBlank() ? "{}" : text;
    if (!JsonText.isObject(arguments)) {
      throw Members.invalid(param + ".function.arguments", "the text of a JSON object");
    }
    return arguments;
  }

  private static String text(JsonNode holder, String member, String param) {
    if (!holder.path(member).isTextual()) {
      throw Members.invalid(param + "." + member, "a string");
    }
    return StorableText.of(holder.path(member).textValue());
  }
}
