package dev.penstock.proxy.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.generation.CallIds;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The neutral history as {@code messages} (openai-api.md section 4.2). */
final class ChatMessages {
  private final Map<String, String> toolNames;
  private final Map<String, String> latestCalls = new HashMap<>();

  private ChatMessages(List<ChatMessage> history) {
    this.toolNames = CallIds.toolNames(history);
  }

  static void write(JsonGenerator out, List<ChatMessage> history) throws IOException {
    var messages = new ChatMessages(history);
    out.writeArrayFieldStart("messages");
    for (var message : history) {
      out.writeStartObject();
      messages.write(out, message);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void write(JsonGenerator out, ChatMessage message) throws IOException {
    switch (message.role()) {
      case SYSTEM -> text(out, "system", message);
      case USER -> {
        if (message.images().isEmpty()) {
          text(out, "user", message);
        } else {
          shown(out, message);
        }
      }
      case ASSISTANT -> {
        text(out, "assistant", message);
        calls(out, message.toolCalls());
      }
      case TOOL -> result(out, message);
    }
  }

  private static void text(JsonGenerator out, String role, ChatMessage message) throws IOException {
    out.writeStringField("role", role);
    if (message.role() == Role.ASSISTANT
        && message.text().isEmpty()
        && !message.toolCalls().isEmpty()) {
      out.writeNullField("content");
    } else {
      out.writeStringField("content", message.text());
    }
  }

  private static void shown(JsonGenerator out, ChatMessage message) throws IOException {
    out.writeStringField("role", "user");
    out.writeArrayFieldStart("content");
    if (!message.text().isEmpty()) {
      out.writeStartObject();
      out.writeStringField("type", "text");
      out.writeStringField("text", message.text());
      out.writeEndObject();
    }
    for (var image : message.images()) {
      out.writeStartObject();
      out.writeStringField("type", "image_url");
      out.writeObjectFieldStart("image_url");
      out.writeStringField("url", "data:" + image.mediaType() + ";base64," + image.base64());
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void calls(JsonGenerator out, List<ToolCall> calls) throws IOException {
    if (calls.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("tool_calls");
    for (var call : calls) {
      latestCalls.put(call.name(), call.id());
      out.writeStartObject();
      out.writeStringField("id", call.id());
      out.writeStringField("type", "function");
      out.writeObjectFieldStart("function");
      out.writeStringField("name", call.name());
      out.writeStringField("arguments", call.arguments());
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Servers go by the call's id, templates by the tool's name; a client may have told but one. */
  private void result(JsonGenerator out, ChatMessage message) throws IOException {
    var id = message.toolCallId();
    var name = message.toolName();
    if (id == null) {
      id = name == null ? null : latestCalls.get(name);
    }
    if (name == null) {
      name = id == null ? null : toolNames.get(id);
    }
    out.writeStringField("role", "tool");
    out.writeStringField("content", message.text());
    out.writeStringField("tool_call_id", id == null ? CallIds.next() : id);
    if (name != null) {
      out.writeStringField("name", name);
    }
  }
}
