package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.wire.JsonText;
import dev.penstock.proxy.generation.CallIds;
import dev.penstock.proxy.generation.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The neutral history as {@code systemInstruction} and {@code contents}: neighbours of one role are
 * one content, results of tools are the user's, and what is empty is left out, as Gemini takes no
 * empty content.
 */
final class GeminiContents {
  // What Gemini 3 takes for the signature of a call that another model made.
  private static final String FOREIGN_CALL = "skip_thought_signature_validator";

  private final JsonGenerator out;
  private final Map<String, String> toolNames;
  private final boolean signsCalls;

  private GeminiContents(JsonGenerator out, Prompt prompt) {
    this.out = out;
    this.toolNames = CallIds.toolNames(prompt.messages());
    this.signsCalls = prompt.model().toLowerCase(Locale.ROOT).contains("gemini-3");
  }

  static void write(JsonGenerator out, Prompt prompt) throws IOException {
    var contents = new GeminiContents(out, prompt);
    contents.system(prompt.messages());
    contents.contents(prompt.messages());
  }

  private void system(List<ChatMessage> messages) throws IOException {
    var texts =
        messages.stream()
            .filter(message -> message.role() == Role.SYSTEM && !message.text().isEmpty())
            .map(ChatMessage::text)
            .toList();
    if (texts.isEmpty()) {
      return;
    }
    out.writeObjectFieldStart("systemInstruction");
    out.writeArrayFieldStart("parts");
    for (var text : texts) {
      text(text);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private void contents(List<ChatMessage> messages) throws IOException {
    out.writeArrayFieldStart("contents");
    var neighbours = new ArrayList<ChatMessage>();
    for (var message : messages) {
      if (message.role() == Role.SYSTEM || isEmpty(message)) {
        continue;
      }
      if (!neighbours.isEmpty() && isModels(neighbours.getFirst()) != isModels(message)) {
        content(neighbours);
        neighbours.clear();
      }
      neighbours.add(message);
    }
    if (!neighbours.isEmpty()) {
      content(neighbours);
    }
    out.writeEndArray();
  }

  private static boolean isEmpty(ChatMessage message) {
    return message.role() != Role.TOOL
        && message.text().isEmpty()
        && message.images().isEmpty()
        && message.toolCalls().isEmpty();
  }

  private static boolean isModels(ChatMessage message) {
    return message.role() == Role.ASSISTANT;
  }

  private void content(List<ChatMessage> neighbours) throws IOException {
    out.writeStartObject();
    out.writeStringField("role", isModels(neighbours.getFirst()) ? "model" : "user");
    out.writeArrayFieldStart("parts");
    for (var message : neighbours) {
      parts(message);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private void parts(ChatMessage message) throws IOException {
    if (message.role() == Role.TOOL) {
      result(message);
      return;
    }
    if (!message.text().isEmpty()) {
      text(message.text());
    }
    for (var image : message.images()) {
      out.writeStartObject();
      out.writeObjectFieldStart("inlineData");
      out.writeStringField("mimeType", image.mediaType());
      out.writeStringField("data", image.base64());
      out.writeEndObject();
      out.writeEndObject();
    }
    for (var call : message.toolCalls()) {
      out.writeStartObject();
      out.writeObjectFieldStart("functionCall");
      out.writeStringField("name", call.name());
      out.writeFieldName("args");
      out.writeRawValue(call.arguments());
      out.writeEndObject();
      if (signsCalls) {
        out.writeStringField("thoughtSignature", FOREIGN_CALL);
      }
      out.writeEndObject();
    }
  }

  /** Gemini goes by names and order; a client may have told the call's id alone. */
  private void result(ChatMessage message) throws IOException {
    var id = message.toolCallId();
    var name = message.toolName();
    if (name == null) {
      name = id == null ? "tool" : toolNames.getOrDefault(id, "tool");
    }
    out.writeStartObject();
    out.writeObjectFieldStart("functionResponse");
    out.writeStringField("name", name);
    out.writeFieldName("response");
    if (JsonText.isObject(message.text())) {
      out.writeRawValue(message.text());
    } else {
      out.writeStartObject();
      out.writeStringField("result", message.text());
      out.writeEndObject();
    }
    out.writeEndObject();
    out.writeEndObject();
  }

  private void text(String text) throws IOException {
    out.writeStartObject();
    out.writeStringField("text", text);
    out.writeEndObject();
  }
}
