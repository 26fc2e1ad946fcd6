package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.Tool;
import dev.penstock.gojson.GoStruct;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code tools} (ollama-api.md section 4). */
final class ToolsDecoder {
  private ToolsDecoder() {}

  /**
   * The tools in their order.
   *
   * @throws OllamaException 400
   */
  static List<Tool> decode(GoStruct body) {
    var tools = new ArrayList<Tool>();
    for (var tool : body.list("tools", "Tool")) {
      tools.add(
          tool.object("function", "ToolFunction")
              .map(ToolsDecoder::function)
              .orElseThrow(() -> OllamaException.badRequest("tool function is required")));
    }
    return tools;
  }

  private static Tool function(GoStruct function) {
    var name = function.text("name");
    if (name.isEmpty()) {
      throw OllamaException.badRequest("tool function name is required");
    }
    var parameters = function.find("parameters");
    if (parameters != null && !parameters.isObject()) {
      throw function.wrongType("parameters", parameters, "api.ToolFunctionParameters");
    }
    var description = function.text("description");
    return new Tool(
        name,
        description.isEmpty() ? null : description,
        parameters == null ? null : parameters.toString());
  }
}
