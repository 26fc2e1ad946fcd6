package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tools} ({@code
 * [{"type":"function","function":{"name","description","parameters"}}]}) and {@code tool_choice}
 * (openai-api.md section 4.1).
 */
final class ToolsDecoder {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final int MAX_TOOLS = 128;

  private ToolsDecoder() {}

  /** The tools in their order, each name once; empty where there are none. */
  static List<Tool> tools(@Nullable JsonNode tools) {
    if (tools == null) {
      return List.of();
    }
    if (!tools.isArray() || tools.size() > MAX_TOOLS) {
      throw Members.invalid("tools", "an array of at most " + MAX_TOOLS + " tools");
    }
    var decoded = new ArrayList<Tool>(tools.size());
    var names = new HashSet<String>();
    for (var at = 0; at < tools.size(); at++) {
      var param = "tools[" + at + "]";
      var tool = tool(function(tools.get(at), param), param + ".function");
      if (!names.add(tool.name())) {
        throw Members.invalid(param + ".function.name", "a name that no other tool has");
      }
      decoded.add(tool);
    }
    return List.copyOf(decoded);
  }

  /** The same where the function's members lie directly in the tool (section 8.1). */
  static List<Tool> flatTools(@Nullable JsonNode tools) {
    return tools(wrapped(tools));
  }

  /** The same where a function's name lies directly in the choice. */
  static ToolChoice flatChoice(@Nullable JsonNode choice, List<Tool> tools) {
    return choice != null && choice.isObject() && choice.has("name")
        ? choice(((ObjectNode) choice.deepCopy()).set("function", choice), tools)
        : choice(choice, tools);
  }

  private static @Nullable JsonNode wrapped(@Nullable JsonNode tools) {
    if (tools == null || !tools.isArray()) {
      return tools;
    }
    var wrapped = JsonNodeFactory.instance.arrayNode();
    for (var tool : tools) {
      wrapped.add(tool.isObject() ? ((ObjectNode) tool.deepCopy()).set("function", tool) : tool);
    }
    return wrapped;
  }

  /** What the caller says of calling {@code tools}; {@code auto} where nothing is said. */
  static ToolChoice choice(@Nullable JsonNode choice, List<Tool> tools) {
    if (choice == null) {
      return ToolChoice.AUTO;
    }
    if (choice.isTextual()) {
      return switch (choice.textValue()) {
        case "auto" -> ToolChoice.AUTO;
        case "none" -> new ToolChoice.None();
        case "required" -> offering(tools, new ToolChoice.Required());
        default -> throw wrongChoice();
      };
    }
    if (!choice.path("type").asText().equals("function")) {
      throw choice.isObject()
          ? Members.unsupported("tool_choice", "choose auto, none, required or one function")
          : wrongChoice();
    }
    var name = choice.path("function").path("name");
    if (!name.isTextual()
        || tools.stream().noneMatch(tool -> tool.name().equals(name.textValue()))) {
      throw Members.invalid("tool_choice.function.name", "the name of one of the tools");
    }
    return new ToolChoice.Named(name.textValue());
  }

  private static ToolChoice offering(List<Tool> tools, ToolChoice choice) {
    if (tools.isEmpty()) {
      throw Members.invalid("tool_choice", "absent where no tools are offered");
    }
    return choice;
  }

  private static OpenAiException wrongChoice() {
    return Members.invalid("tool_choice", "auto, none, required or the name of a function");
  }

  private static JsonNode function(JsonNode tool, String param) {
    if (!tool.isObject()) {
      throw Members.invalid(param, "an object");
    }
    if (!tool.path("type").isTextual()) {
      throw Members.invalid(param + ".type", "a string");
    }
    if (!tool.path("type").textValue().equals("function")) {
      throw Members.unsupported(param + ".type", "only functions can be offered");
    }
    if (!tool.path("function").isObject()) {
      throw Members.invalid(param + ".function", "an object");
    }
    return tool.path("function");
  }

  private static Tool tool(JsonNode function, String param) {
    var name = function.path("name");
    if (!name.isTextual() || !NAME.matcher(name.textValue()).matches()) {
      throw Members.invalid(param + ".name", "1 to 64 letters, digits, underscores and dashes");
    }
    return new Tool(name.textValue(), description(function, param), parameters(function, param));
  }

  private static @Nullable String description(JsonNode function, String param) {
    var description = function.path("description");
    if (description.isMissingNode() || description.isNull()) {
      return null;
    }
    if (!description.isTextual()) {
      throw Members.invalid(param + ".description", "a string");
    }
    return StorableText.of(description.textValue());
  }

  private static @Nullable String parameters(JsonNode function, String param) {
    var parameters = function.path("parameters");
    if (parameters.isMissingNode() || parameters.isNull()) {
      return null;
    }
    if (!parameters.isObject()) {
      throw Members.invalid(param + ".parameters", "a JSON Schema object");
    }
    return StorableText.of(parameters.toString());
  }
}
