package dev.penstock.proxy.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of an answer as members of a request (openai-api.md section 4.1). */
final class ChatAnswerForm {
  private static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";
  private static final String UNNAMED = "answer";

  private ChatAnswerForm() {}

  /** Writes the members it needs; none for plain text. */
  static void write(JsonGenerator out, AnswerForm form) throws IOException {
    var tools = form.offeredTools();
    if (!tools.isEmpty()) {
      tools(out, tools);
      choice(out, form.toolChoice());
    }
    switch (form.format()) {
      case ResponseFormat.Text _ -> {}
      case ResponseFormat.Json _ -> {
        out.writeObjectFieldStart("response_format");
        out.writeStringField("type", "json_object");
        out.writeEndObject();
      }
      case ResponseFormat.Schema(var name, var schema) -> schema(out, name, schema);
    }
    var alternatives = form.logprobs();
    if (alternatives != null) {
      out.writeBooleanField("logprobs", true);
      out.writeNumberField("top_logprobs", alternatives);
    }
  }

  private static void tools(JsonGenerator out, List<Tool> tools) throws IOException {
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

  private static void choice(JsonGenerator out, ToolChoice choice) throws IOException {
    switch (choice) {
      case ToolChoice.Auto _, ToolChoice.None _ -> {}
      case ToolChoice.Required _ -> out.writeStringField("tool_choice", "required");
      case ToolChoice.Named(var name) -> {
        out.writeObjectFieldStart("tool_choice");
        out.writeStringField("type", "function");
        out.writeObjectFieldStart("function");
        out.writeStringField("name", name);
        out.writeEndObject();
        out.writeEndObject();
      }
    }
  }

  private static void schema(JsonGenerator out, @Nullable String name, String schema)
      throws IOException {
    out.writeObjectFieldStart("response_format");
    out.writeStringField("type", "json_schema");
    out.writeObjectFieldStart("json_schema");
    out.writeStringField("name", name == null ? UNNAMED : name);
    out.writeFieldName("schema");
    out.writeRawValue(schema);
    out.writeEndObject();
    out.writeEndObject();
  }
}
