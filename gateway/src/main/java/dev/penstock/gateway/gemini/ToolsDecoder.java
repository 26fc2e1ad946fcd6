package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code tools} and {@code toolConfig} (gemini-api.md section 3.5). */
final class ToolsDecoder {
  private static final Set<String> DECLARATIONS =
      Set.of("functionDeclarations", "function_declarations");

  private ToolsDecoder() {}

  /** The form with its tools; throws {@link GeminiException} that names the member at fault. */
  static AnswerForm decode(Members request, AnswerForm form) {
    var tools = tools(request);
    var config = request.object("toolConfig");
    var calling = config == null ? null : config.object("functionCallingConfig");
    if (calling == null) {
      return form.withTools(tools, ToolChoice.AUTO);
    }
    var allowed = allowed(calling);
    var offered =
        allowed.isEmpty()
            ? tools
            : tools.stream().filter(tool -> allowed.contains(tool.name())).toList();
    return switch (calling.word("mode")) {
      case "", "AUTO" -> form.withTools(tools, ToolChoice.AUTO);
      case "VALIDATED" -> form.withTools(offered, ToolChoice.AUTO);
      case "NONE" -> form.withTools(List.of(), ToolChoice.AUTO);
      case "ANY" ->
          form.withTools(offered, offered.isEmpty() ? ToolChoice.AUTO : new ToolChoice.Required());
      default -> throw Members.invalid(calling.at("mode"), "AUTO, ANY, NONE or VALIDATED");
    };
  }

  private static List<Tool> tools(Members request) {
    var tools = new ArrayList<Tool>();
    var names = new HashSet<String>();
    for (var entry : request.objects("tools")) {
      refuseWhatGoogleRuns(entry);
      for (var declared : entry.objects("functionDeclarations")) {
        var name = declared.name("name");
        if (!names.add(name)) {
          throw Members.invalid(declared.at("name"), "another one, as each is declared once");
        }
        tools.add(new Tool(name, declared.text("description"), parameters(declared)));
      }
    }
    return tools;
  }

  /** Search, code execution and the like run at Google and nowhere else. */
  private static void refuseWhatGoogleRuns(Members entry) {
    entry
        .object()
        .properties()
        .forEach(
            member -> {
              if (!DECLARATIONS.contains(member.getKey()) && !member.getValue().isNull()) {
                throw Members.invalid(
                    entry.at(member.getKey()), "absent, since only functions are offered here");
              }
            });
  }

  private static @Nullable String parameters(Members declared) {
    var schema = declared.object("parametersJsonSchema");
    if (schema != null) {
      return schema.object().toString();
    }
    var parameters = declared.object("parameters");
    return parameters == null ? null : JsonSchemas.of(parameters).toString();
  }

  private static Set<String> allowed(Members calling) {
    var names = calling.find("allowedFunctionNames");
    var allowed = new HashSet<String>();
    if (names != null) {
      names.forEach(name -> allowed.add(name.asText()));
    }
    return allowed;
  }
}
