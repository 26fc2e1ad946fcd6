package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.proxy.exchange.JsonDocument;
import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes bodies of {@code streamGenerateContent} (gemini-api.md section 3). */
final class GeminiRequest {
  private GeminiRequest() {}

  /** Asks for an answer. */
  static Buffer generate(Prompt prompt) {
    return JsonDocument.of(
        out -> {
          GeminiContents.write(out, prompt);
          var tools = prompt.form().offeredTools();
          if (!tools.isEmpty()) {
            tools(out, tools);
            choice(out, prompt.form().toolChoice());
          }
          out.writeObjectFieldStart("generationConfig");
          options(out, prompt);
          GeminiThinking.of(prompt.model(), prompt.think()).write(out, prompt.form().thoughts());
          format(out, prompt.form().format());
          out.writeEndObject();
        });
  }

  private static void options(JsonGenerator out, Prompt prompt) throws IOException {
    var options = prompt.options();
    out.writeNumberField("maxOutputTokens", prompt.maxTokens());
    JsonDocument.number(out, "temperature", options.temperature());
    JsonDocument.number(out, "topP", options.topP());
    JsonDocument.number(out, "topK", options.topK());
    JsonDocument.number(out, "seed", seed(options.seed()));
    JsonDocument.number(out, "presencePenalty", options.presencePenalty());
    JsonDocument.number(out, "frequencyPenalty", options.frequencyPenalty());
    JsonDocument.texts(out, "stopSequences", options.stop());
  }

  /** Gemini's has 32 bits. */
  private static @Nullable Integer seed(@Nullable Long seed) {
    return seed == null ? null : Long.hashCode(seed);
  }

  private static void format(JsonGenerator out, ResponseFormat format) throws IOException {
    switch (format) {
      case ResponseFormat.Text _ -> {}
      case ResponseFormat.Json _ -> out.writeStringField("responseMimeType", "application/json");
      case ResponseFormat.Schema(_, var schema) -> {
        out.writeStringField("responseMimeType", "application/json");
        out.writeFieldName("responseJsonSchema");
        out.writeRawValue(schema);
      }
    }
  }

  private static void tools(JsonGenerator out, List<Tool> tools) throws IOException {
    out.writeArrayFieldStart("tools");
    out.writeStartObject();
    out.writeArrayFieldStart("functionDeclarations");
    for (var tool : tools) {
      out.writeStartObject();
      out.writeStringField("name", tool.name());
      // Gemini does not take a declaration without one.
      out.writeStringField(
          "description", tool.description() == null ? tool.name() : tool.description());
      if (tool.parameters() != null) {
        out.writeFieldName("parametersJsonSchema");
        out.writeRawValue(tool.parameters());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndArray();
  }

  private static void choice(JsonGenerator out, ToolChoice choice) throws IOException {
    switch (choice) {
      case ToolChoice.Auto _, ToolChoice.None _ -> {}
      case ToolChoice.Required _ -> any(out, List.of());
      case ToolChoice.Named(var name) -> any(out, List.of(name));
    }
  }

  private static void any(JsonGenerator out, List<String> names) throws IOException {
    out.writeObjectFieldStart("toolConfig");
    out.writeObjectFieldStart("functionCallingConfig");
    out.writeStringField("mode", "ANY");
    JsonDocument.texts(out, "allowedFunctionNames", names);
    out.writeEndObject();
    out.writeEndObject();
  }
}
