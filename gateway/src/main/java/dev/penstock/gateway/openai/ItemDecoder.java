package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.JsonText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads items that a client sends (openai-api.md section 8.3). What a model said and the calls
 * behind it are one message. One decoder per request.
 */
final class ItemDecoder {
  private final List<MessageDraft> messages = new ArrayList<>();
  private final Map<String, String> calledTools = new HashMap<>();
  private final Map<String, ObjectNode> found;

  private ItemDecoder(Map<String, ObjectNode> found) {
    this.found = found;
  }

  /**
   * A reference to an item that is stored.
   *
   * @param param where its id stands
   */
  record Reference(String id, String param) {}

  /** The references among items. */
  static List<Reference> references(JsonNode items, String param) {
    var references = new ArrayList<Reference>();
    for (var at = 0; at < items.size(); at++) {
      var where = param + "[" + at + "]";
      if (type(object(items.get(at), where)).equals("item_reference")) {
        references.add(new Reference(text(items.get(at), "id", where), where + ".id"));
      }
    }
    return references;
  }

  /**
   * The messages in their order; throws {@link OpenAiException} that names the member at fault.
   *
   * @param found the items that references name, by their ids
   */
  static List<MessageDraft> decode(JsonNode items, String param, Map<String, ObjectNode> found) {
    var decoder = new ItemDecoder(found);
    for (var at = 0; at < items.size(); at++) {
      var where = param + "[" + at + "]";
      decoder.item(object(items.get(at), where), where);
    }
    return decoder.messages;
  }

  private static JsonNode object(JsonNode item, String param) {
    if (!item.isObject()) {
      throw Members.invalid(param, "an object");
    }
    return item;
  }

  // An easy message and a reference may leave their type out.
  private static String type(JsonNode item) {
    var type = item.path("type");
    if (!type.isMissingNode() && !type.isNull()) {
      return type.asText();
    }
    return item.has("id") && !item.has("role") ? "item_reference" : "message";
  }

  private void item(JsonNode item, String param) {
    switch (type(item)) {
      case "message" -> messages.add(message(item, param));
      case "function_call" -> call(item, param);
      case "function_call_output" -> messages.add(MessageDraft.of(result(item, param)));
      case "reasoning" -> {} // what a model thought is not told to it again
      case "item_reference" -> {
        var named = found.get(text(item, "id", param));
        if (named == null) {
          throw missing(param + ".id");
        }
        item(named, param);
      }
      default ->
          throw Members.unsupported(
              param + ".type", "messages, function calls and their outputs are understood here");
    }
  }

  /** A 404 about a reference. */
  static OpenAiException missing(@Nullable String param) {
    return new OpenAiException(
        new OpenAiError(404, null, "There is no such item here.", param, null, false));
  }

  private static MessageDraft message(JsonNode item, String param) {
    var content = item.path("content");
    return switch (item.path("role").asText()) {
      case "system" -> said(Role.SYSTEM, input(content, param));
      case "developer" -> developer(input(content, param));
      case "user" -> said(Role.USER, input(content, param));
      case "assistant" ->
          said(Role.ASSISTANT, ContentDecoder.OF_OUTPUT.decode(content, param + ".content").text());
      default ->
          throw Members.invalid(param + ".role", "one of system, developer, user and assistant");
    };
  }

  private static MessageDraft said(Role role, String text) {
    return MessageDraft.of(new ChatMessage(role, text));
  }

  private static MessageDraft developer(String text) {
    var extra = JsonNodeFactory.instance.objectNode();
    extra.putObject(ItemEncoder.EXTRA).put("role", "developer");
    return new MessageDraft(new ChatMessage(Role.SYSTEM, text), extra);
  }

  private void call(JsonNode item, String param) {
    var arguments = text(item, "arguments", param);
    if (!JsonText.isObject(arguments)) {
      throw Members.invalid(param + ".arguments", "the text of a JSON object");
    }
    var call = new ToolCall(text(item, "call_id", param), text(item, "name", param), arguments);
    calledTools.put(call.id(), call.name());
    var calls = new ArrayList<ToolCall>();
    var before = said(messages.isEmpty() ? null : messages.getLast());
    if (before != null) {
      messages.removeLast();
      calls.addAll(before.toolCalls());
    }
    calls.add(call);
    messages.add(MessageDraft.of(ChatMessage.calling(before == null ? "" : before.text(), calls)));
  }

  private static @Nullable ChatMessage said(@Nullable MessageDraft before) {
    return before != null && before.said().role() == Role.ASSISTANT ? before.said() : null;
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
