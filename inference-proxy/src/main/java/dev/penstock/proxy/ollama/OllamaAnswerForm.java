package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The form of an answer as members of {@code POST /api/chat} (ollama-api.md section 4). */
final class OllamaAnswerForm {
  private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

  private OllamaAnswerForm() {}

  /** Why Ollama cannot do what it would silently ignore; empty where it can all. */
  static Optional<Failure> refusal(AnswerForm form) {
    return switch (form.toolChoice()) {
      case ToolChoice.Auto _, ToolChoice.None _ -> Optional.empty();
      case ToolChoice.Required _, ToolChoice.Named _ ->
          Optional.of(
              Failure.of(
                  FailureCode.INVALID_REQUEST,
                  "This model cannot be made to call a tool; leave the choice to it."));
    };
  }

  /** Writes the members it needs; none for plain text. */
  static void write(JsonGenerator out, AnswerForm form) throws IOException {
    tools(out, form.offeredTools());
    switch (form.format()) {
      case ResponseFormat.Text _ -> {}
      case ResponseFormat.Json _ -> out.writeStringField("format", "json");
      case ResponseFormat.Schema(_, var schema) -> {
        out.writeFieldName("format");
        out.writeRawValue(schema);
      }
    }
    var alternatives = form.logprobs();
    if (alternatives != null) {
      out.writeBooleanField("logprobs", true);
      out.writeNumberField("top_logprobs", alternatives);
    }
  }

  private static void tools(JsonGenerator out, List<Tool> tools) throws IOException {
    if (tools.isEmpty()) {
      return;
    }
    out.writeArrayFieldStart("tools");
    for (var tool : tools) {
      out.writeStartObject();
      out.writeStringField("type", "function");
      out.writeObjectFieldStart("function");
      out.writeStringField("name", tool.name());
      if (tool.description() != null) {
        out.writeStringField("description", tool.description());
      }
      out.writeFieldName("parameters");
      out.writeRawValue(tool.parameters() == null ? NO_PARAMETERS : tool.parameters());
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }
}
