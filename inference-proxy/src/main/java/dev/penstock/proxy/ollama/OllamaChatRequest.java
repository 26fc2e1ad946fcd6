package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.exchange.JsonDocument;
import dev.penstock.proxy.generation.CallIds;
import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Encodes bodies of Ollama's {@code POST /api/chat}.
 *
 * <p>Every one says {@code truncate:false}, {@code shift:false} and an explicit {@code think}, and
 * none says {@code num_ctx} or {@code keep_alive}: those reload the model for everybody, or are
 * silently applied to everybody (openai-api.md section 11).
 */
final class OllamaChatRequest {
  /** A trailing assistant message that no model would write. */
  static final String MARKER = "MARKER-7";

  private OllamaChatRequest() {}

  /** Asks for a streamed answer. */
  static Buffer chat(Prompt prompt) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", prompt.model());
          messages(out, prompt.messages());
          out.writeBooleanField("stream", true);
          hygiene(out, prompt.think());
          OllamaAnswerForm.write(out, prompt.form());
          options(out, prompt.options(), prompt.maxTokens());
        });
  }

  /** Asks to load the model, which answers with {@code done_reason:"load"}. */
  static Buffer load(String model) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", model);
          messages(out, List.of());
          out.writeBooleanField("stream", false);
          hygiene(out, Think.OFF);
        });
  }

  /**
   * Asks for the rendered prompt of a conversation that ends in {@link #MARKER} (turns.md T-24).
   */
  static Buffer renderMarker(String model) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", model);
          messages(
              out,
              List.of(new ChatMessage(Role.USER, "hi"), new ChatMessage(Role.ASSISTANT, MARKER)));
          out.writeBooleanField("stream", false);
          hygiene(out, Think.OFF);
          options(out, GenerationOptions.NONE, 1);
          out.writeBooleanField("_debug_render_only", true);
        });
  }

  /** Asks {@code POST /api/show} about a model. */
  static Buffer show(String model) {
    return JsonDocument.of(out -> out.writeStringField("model", model));
  }

  private static void messages(JsonGenerator out, List<ChatMessage> messages) throws IOException {
    var toolNames = CallIds.toolNames(messages);
    out.writeArrayFieldStart("messages");
    for (var message : messages) {
      out.writeStartObject();
      out.writeStringField("role", role(message.role()));
      out.writeStringField("content", message.text());
      images(out, message.images());
      toolCalls(out, message.toolCalls());
      if (message.role() == Role.TOOL) {
        toolResult(out, message, toolNames);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void images(JsonGenerator out, List<Image> images) throws IOException {
    if (!images.isEmpty()) {
      out.writeArrayFieldStart("images");
      for (var image : images) {
        out.writeString(image.base64());
      }
      out.writeEndArray();
    }
  }

  private static void toolCalls(JsonGenerator out, List<ToolCall> calls) throws IOException {
    if (calls.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("tool_calls");
    for (var index = 0; index < calls.size(); index++) {
      var call = calls.get(index);
      out.writeStartObject();
      out.writeStringField("id", call.id());
      out.writeObjectFieldStart("function");
      out.writeNumberField("index", index);
      out.writeStringField("name", call.name());
      out.writeFieldName("arguments");
      out.writeRawValue(call.arguments());
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** Templates go by the tool's name, which a client may have told with the call alone. */
  private static void toolResult(
      JsonGenerator out, ChatMessage message, Map<String, String> toolNames) throws IOException {
    var id = message.toolCallId();
    var name =
        message.toolName() != null ? message.toolName() : id == null ? null : toolNames.get(id);
    if (name != null) {
      out.writeStringField("tool_name", name);
    }
    if (id != null) {
      out.writeStringField("tool_call_id", id);
    }
  }

  private static String role(Role role) {
    return switch (role) {
      case SYSTEM -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
      case TOOL -> "tool";
    };
  }

  private static void hygiene(JsonGenerator out, Think think) throws IOException {
    out.writeObjectField("think", think.wire());
    out.writeBooleanField("truncate", false);
    out.writeBooleanField("shift", false);
  }

  private static void options(JsonGenerator out, GenerationOptions options, int maxTokens)
      throws IOException {
    out.writeObjectFieldStart("options");
    out.writeNumberField("num_predict", maxTokens);
    JsonDocument.number(out, "temperature", options.temperature());
    JsonDocument.number(out, "top_p", options.topP());
    JsonDocument.number(out, "top_k", options.topK());
    JsonDocument.number(out, "min_p", options.minP());
    JsonDocument.number(out, "seed", options.seed());
    JsonDocument.number(out, "repeat_penalty", options.repeatPenalty());
    JsonDocument.number(out, "frequency_penalty", options.frequencyPenalty());
    JsonDocument.number(out, "presence_penalty", options.presencePenalty());
    JsonDocument.texts(out, "stop", options.stop());
    out.writeEndObject();
  }
}
