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
 * Reads {@code input} of a response: a string, which is one user's message, or an array of items
 * (openai-api.md section 8.3). One decoder per request.
 */
final class InputDecoder {
  private final List<ChatMessage> messages = new ArrayList<>();
  private final Map<String, String> calledTools = new HashMap<>();

  private InputDecoder() {}

  /** The messages in their order; throws {@link OpenAiException} that names the member at fault. */
  static List<ChatMessage> decode(@Nullable JsonNode input, @Nullable String instructions) {
    var decoder = new InputDecoder();
    if (instructions != null) {
      decoder.messages.add(new ChatMessage(Role.SYSTEM, instructions));
    }
    if (input != null && input.isTextual()) {
      decoder.messages.add(new ChatMessage(Role.USER, StorableText.of(input.textValue())));
      return decoder.messages;
    }
    if (input == null || !input.isArray() || input.isEmpty()) {
      throw Members.invalid("input", "a string or an array of at least one item");
    }
    for (var at = 0; at < input.size(); at++) {
      decoder.item(input.get(at), "input[" + at + "]");
    }
    return decoder.messages;
  }

  private void item(JsonNode item, String param) {
    if (!item.isObject()) {
      throw Members.invalid(param, "an object");
    }
    switch (item.path("type").asText("message")) {
      case "message" -> messages.add(message(item, param));
      case "function_call" -> call(item, param);
      case "function_call_output" -> messages.add(result(item, param));
      case "reasoning" -> {} // what a model thought is not told to it again
      case "item_reference" ->
          throw new OpenAiException(
              new OpenAiError(
                  404, null, "There is no such item here.", param + ".id", null, false));
      default ->
          throw Members.unsupported(
              param + ".type", "messages, function calls and their outputs are understood here");
    }
  }

  private static ChatMessage message(JsonNode item, String param) {
    var content = item.path("content");
    return switch (item.path("role").asText()) {
      case "system", "developer" -> new ChatMessage(Role.SYSTEM, input(content, param));
      case "user" -> new ChatMessage(Role.USER, input(content, param));
      case "assistant" ->
          new ChatMessage(
              Role.ASSISTANT, ContentDecoder.OF_OUTPUT.decode(content, param + ".content").text());
      default ->
          throw Members.invalid(param + ".role", "one of system, developer, user and assistant");
    };
  }

  // Calls of one answer are one message to a model.
  private void call(JsonNode item, String param) {
    var arguments = text(item, "arguments", param);
    if (!JsonText.isObject(arguments)) {
      throw Members.invalid(param + ".arguments", "the text of a JSON object");
    }
    var call = new ToolCall(text(item, "call_id", param), text(item, "name", param), arguments);
    calledTools.put(call.id(), call.name());
    var calls = new ArrayList<ToolCall>();
    var before = messages.isEmpty() ? null : messages.getLast();
    if (before != null && before.role() == Role.ASSISTANT) {
      messages.removeLast();
      calls.addAll(before.toolCalls());
    }
    calls.add(call);
    messages.add(ChatMessage.calling(said(before), calls));
  }

  private static String said(@Nullable ChatMessage before) {
    return before != null && before.role() == Role.ASSISTANT ? before.text() : "";
  }

  private ChatMessage result(JsonNode item, String param) {
    var call = text(item, "call_id", param);
    var output = ContentDecoder.OF_INPUT.decode(item.path("output"), param + ".output").text();
    return ChatMessage.toolResult(call, calledTools.get(call), output);
  }

  private static String input(JsonNode content, String param) {
    return ContentDecoder.OF_INPUT.decode(content, param + ".content").text();
  }

  private static String text(JsonNode item, String member, String param) {
    if (!item.path(member).isTextual()) {
      throw Members.invalid(param + "." + member, "a string");
    }
    return StorableText.of(item.path(member).textValue());
  }
}
