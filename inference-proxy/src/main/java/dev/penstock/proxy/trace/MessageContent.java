package dev.penstock.proxy.trace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.wire.Wire;
import io.opentelemetry.api.trace.Span;
import java.util.Locale;

/**
 * What was said, as GenAI spans hold it: {@code [{"role":"user","parts":[{"type":"text",
 * "content":"Hi"}]}]}. Images are left out.
 */
final class MessageContent {
  private MessageContent() {}

  static void describe(Span span, GenerationRequest request) {
    var messages = Wire.JSON.createArrayNode();
    var instructions = Wire.JSON.createArrayNode();
    for (var message : request.messages()) {
      if (message.role() == Role.SYSTEM) {
        text(instructions, message.text());
      } else {
        add(messages, message);
      }
    }
    if (!instructions.isEmpty()) {
      span.setAttribute(GenAi.INSTRUCTIONS, instructions.toString());
    }
    span.setAttribute(GenAi.INPUT, messages.toString());
    var tools = Wire.JSON.createArrayNode();
    for (var tool : request.form().offeredTools()) {
      tools
          .addObject()
          .put("type", "function")
          .put("name", tool.name())
          .put("description", tool.description())
          .put("parameters", tool.parameters());
    }
    if (!tools.isEmpty()) {
      span.setAttribute(GenAi.TOOLS, tools.toString());
    }
  }

  /** The answer as a list of one message. */
  static String answer(String text, String finishReason) {
    var messages = Wire.JSON.createArrayNode();
    var answer = messages.addObject().put("role", "assistant");
    text(answer.putArray("parts"), text);
    answer.put("finish_reason", finishReason);
    return messages.toString();
  }

  private static void add(ArrayNode messages, ChatMessage message) {
    var said = messages.addObject().put("role", message.role().name().toLowerCase(Locale.ROOT));
    var parts = said.putArray("parts");
    if (message.role() == Role.TOOL) {
      part(parts, "tool_call_response")
          .put("id", message.toolCallId())
          .put("response", message.text());
      return;
    }
    if (!message.text().isEmpty()) {
      text(parts, message.text());
    }
    for (var call : message.toolCalls()) {
      part(parts, "tool_call")
          .put("id", call.id())
          .put("name", call.name())
          .put("arguments", call.arguments());
    }
  }

  private static void text(ArrayNode parts, String text) {
    part(parts, "text").put("content", text);
  }

  private static ObjectNode part(ArrayNode parts, String type) {
    return parts.addObject().put("type", type);
  }
}
