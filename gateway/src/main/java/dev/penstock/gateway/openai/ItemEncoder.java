package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows a stored message as items (openai-api.md section 8.3): what was said, where something was
 * or nothing else is there, then its calls one by one.
 */
final class ItemEncoder {
  /** The member of a message's {@code extra} that is this dialect's. */
  static final String EXTRA = "openai";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ItemEncoder() {}

  static List<ObjectNode> encode(Item item) {
    var message = item.message();
    var items = new ArrayList<ObjectNode>(1 + message.toolCalls().size());
    if (!message.text().isEmpty() || message.toolCalls().isEmpty()) {
      items.add(message.role() == Role.TOOL ? output(item) : said(item));
    }
    for (var call : message.toolCalls()) {
      items.add(ResponseJson.call(call, "completed", call.arguments()));
    }
    return items;
  }

  private static ObjectNode said(Item item) {
    var message = item.message();
    var json = head(item, "message");
    json.put("status", status(message)).put("role", role(message.role(), item.extra()));
    json.putArray("content").add(part(message));
    return json;
  }

  private static ObjectNode part(Message message) {
    return message.role() == Role.ASSISTANT
        ? ResponseJson.text(message.text(), List.of())
        : JSON.objectNode().put("type", "input_text").put("text", message.text());
  }

  private static ObjectNode output(Item item) {
    var message = item.message();
    var call = message.toolCallId();
    // A protocol that names no calls still answers one.
    return head(item, "function_call_output")
        .put("status", "completed")
        .put("call_id", call == null ? "call_" + message.id() : call)
        .put("output", message.text());
  }

  private static ObjectNode head(Item item, String type) {
    return JSON.objectNode().put("id", ItemId.of(item).text()).put("type", type);
  }

  private static String status(Message message) {
    return message.status() == Message.Status.PARTIAL ? "incomplete" : "completed";
  }

  private static String role(Role role, @Nullable JsonNode extra) {
    return switch (role) {
      case USER -> "user";
      case ASSISTANT -> "assistant";
      case TOOL -> "tool";
      case SYSTEM -> {
        var kept = extra == null ? "" : extra.path(EXTRA).path("role").asText();
        yield kept.equals("developer") ? kept : "system";
      }
    };
  }
}
