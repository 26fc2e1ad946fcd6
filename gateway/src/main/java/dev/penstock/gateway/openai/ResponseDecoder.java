package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v1/responses} (openai-api.md section 8.1). Unknown members are
 * ignored.
 */
final class ResponseDecoder {
  private static final int LEAST_TOKENS = 16;
  private static final int MAX_ALTERNATIVES = 20;

  private ResponseDecoder() {}

  /** Reads a body whose input refers to nothing. */
  static ResponseRequest decode(JsonNode body) {
    return decode(body, Map.of());
  }

  /**
   * Throws {@link OpenAiException} that names the first member at fault.
   *
   * @param found the items that references in its input name, by their ids
   */
  static ResponseRequest decode(JsonNode body, Map<String, ObjectNode> found) {
    var members = SharedMembers.of(body);
    var model = SharedMembers.model(members);
    refuseWhatIsNotOffered(members);
    SharedMembers.checkMetadata(members.find("metadata"));
    var keeping = KeepingDecoder.decode(members);
    var instructions = members.text("instructions");
    var input = InputDecoder.decode(members.find(InputDecoder.PARAM), found);
    var bound = members.integer("max_output_tokens", LEAST_TOKENS, Integer.MAX_VALUE);
    var effort = effort(members.find("reasoning"));
    return new ResponseRequest(
        model,
        input,
        SamplingDecoder.decode(members, bound, SharedMembers.think(effort, "reasoning.effort")),
        keeping == null ? form(members) : form(members).withLogprobs(null),
        !members.flag("parallel_tool_calls", true),
        members.flag("stream"),
        keeping,
        instructions,
        echo(members, model, bound, effort, keeping),
        SharedMembers.affinity(members));
  }

  private static AnswerForm form(Members members) {
    var tools = ToolsDecoder.flatTools(members.find("tools"));
    return new AnswerForm(
        tools,
        ToolsDecoder.flatChoice(members.find("tool_choice"), tools),
        format(members.find("text")),
        logprobs(members),
        false,
        truncates(members));
  }

  private static boolean truncates(Members members) {
    return switch (members.text("truncation")) {
      case "auto" -> true;
      case "disabled" -> false;
      case null -> false;
      default -> throw Members.invalid("truncation", "auto or disabled");
    };
  }

  private static @Nullable Integer logprobs(Members members) {
    var alternatives = members.integer("top_logprobs", 0, MAX_ALTERNATIVES);
    var include = members.find("include");
    if (include != null && !include.isArray()) {
      throw Members.invalid("include", "an array of strings");
    }
    for (var each : include == null ? List.<JsonNode>of() : include) {
      if (each.asText().equals("message.output_text.logprobs")) {
        return Objects.requireNonNullElse(alternatives, 0);
      }
    }
    return null;
  }

  private static ResponseFormat format(@Nullable JsonNode text) {
    if (text == null) {
      return ResponseFormat.TEXT;
    }
    if (!text.isObject()) {
      throw Members.invalid("text", "an object");
    }
    var format = text.path("format");
    if (format.isMissingNode() || format.isNull()) {
      return ResponseFormat.TEXT;
    }
    return switch (format.path("type").asText()) {
      case "text" -> ResponseFormat.TEXT;
      case "json_object" -> new ResponseFormat.Json();
      case "json_schema" -> FormatDecoder.schema(format, "text.format");
      default ->
          throw Members.invalid("text.format.type", "one of text, json_object and json_schema");
    };
  }

  private static @Nullable String effort(@Nullable JsonNode reasoning) {
    if (reasoning == null) {
      return null;
    }
    var effort = reasoning.path("effort");
    if (!reasoning.isObject()
        || !(effort.isMissingNode() || effort.isNull() || effort.isTextual())) {
      throw Members.invalid("reasoning.effort", "a string");
    }
    return effort.isTextual() ? effort.textValue() : null;
  }

  private static void refuseWhatIsNotOffered(Members members) {
    SharedMembers.refuseUnless(members, "prompt", _ -> false, "prompts are not kept here");
  }

  private static ObjectNode echo(
      Members members,
      String model,
      @Nullable Integer bound,
      @Nullable String effort,
      @Nullable Keeping keeping) {
    var echo = JsonNodeFactory.instance.objectNode();
    if (keeping != null) {
      keeping.echo(echo);
    }
    echo.put("model", model);
    echo.set("instructions", or(members, "instructions", "null"));
    echo.put("max_output_tokens", bound);
    echo.set("metadata", or(members, "metadata", "{}"));
    echo.put("parallel_tool_calls", members.flag("parallel_tool_calls", true));
    echo.putObject("reasoning").put("effort", effort).putNull("summary");
    echo.put("temperature", Objects.requireNonNullElse(members.number("temperature", 0, 2), 1.0));
    echo.set("text", text(members.find("text")));
    echo.set("tool_choice", or(members, "tool_choice", "auto"));
    echo.set("tools", or(members, "tools", "[]"));
    echo.set("truncation", or(members, "truncation", "disabled"));
    echo.put("top_p", Objects.requireNonNullElse(members.number("top_p", 0, 1), 1.0));
    echo.set("user", or(members, "user", "null"));
    // What is no Unicode text on its way in could not be written on its way out.
    return Wire.decode(StorableText.of(echo.toString()), ObjectNode.class);
  }

  private static JsonNode or(Members members, String name, String absent) {
    var member = members.find(name);
    var json = JsonNodeFactory.instance;
    return member != null
        ? member
        : switch (absent) {
          case "null" -> json.nullNode();
          case "{}" -> json.objectNode();
          case "[]" -> json.arrayNode();
          default -> json.textNode(absent);
        };
  }

  private static JsonNode text(@Nullable JsonNode text) {
    var echo = JsonNodeFactory.instance.objectNode();
    if (text != null && text.path("format").isObject()) {
      return echo.set("format", text.path("format"));
    }
    echo.putObject("format").put("type", "text");
    return echo;
  }
}
