package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.gojson.GoStruct;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code messages} and {@code images} (ollama-api.md section 4). */
final class MessagesDecoder {
  private MessagesDecoder() {}

  /**
   * The messages in their order; what an assistant thought is left behind, as templates do.
   *
   * @throws OllamaException 400
   */
  static List<ChatMessage> decode(GoStruct body) {
    var messages = new ArrayList<ChatMessage>();
    var calls = 0;
    for (var each : body.list("messages", "Message")) {
      var message = message(each, calls);
      calls += message.toolCalls().size();
      messages.add(message);
    }
    return List.copyOf(messages);
  }

  /** The images of a message or of a prompt, base64 without a {@code data:} prefix. */
  static List<Image> images(GoStruct body) {
    var images = new ArrayList<Image>();
    for (var image : body.array("images", "[]api.ImageData")) {
      if (!image.isTextual()) {
        throw body.wrongType("images", image, "api.ImageData");
      }
      images.add(Image.of(checked(image.textValue())));
    }
    return images;
  }

  private static ChatMessage message(GoStruct message, int callsBefore) {
    message.text("thinking");
    return new ChatMessage(
        role(message.text("role")),
        StorableText.of(message.text("content")),
        images(message),
        calls(message, callsBefore),
        optional(message.text("tool_call_id")),
        optional(message.text("tool_name")));
  }

  private static Role role(String role) {
    return switch (role.toLowerCase(Locale.ROOT)) {
      case "system" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool" -> Role.TOOL;
      default ->
          throw OllamaException.badRequest(
              "invalid role: \""
                  + role
                  + "\" (must be \"system\", \"user\", \"assistant\", or \"tool\")");
    };
  }

  private static List<ToolCall> calls(GoStruct message, int callsBefore) {
    var calls = new ArrayList<ToolCall>();
    for (var call : message.list("tool_calls", "ToolCall")) {
      var id = call.text("id");
      var function = call.object("function", "ToolCallFunction");
      var name = function.map(each -> each.text("name")).orElse("");
      var arguments = function.map(MessagesDecoder::arguments).orElse("{}");
      // Clients of versions without ids send none; a result then follows by its tool's name.
      calls.add(
          new ToolCall(
              id.isEmpty() ? "call_" + (callsBefore + calls.size()) : id, name, arguments));
    }
    return calls;
  }

  private static String arguments(GoStruct function) {
    @Nullable JsonNode arguments = function.find("arguments");
    if (arguments == null) {
      return "{}";
    }
    if (!arguments.isObject()) {
      throw function.wrongType("arguments", arguments, "api.ToolCallFunctionArguments");
    }
    return arguments.toString();
  }

  private static @Nullable String optional(String text) {
    return text.isEmpty() ? null : StorableText.of(text);
  }

  private static String checked(String base64) {
    try {
      Base64.getDecoder().decode(base64);
      return base64;
    } catch (IllegalArgumentException e) {
      throw OllamaException.badRequest("illegal base64 data in images");
    }
  }
}
