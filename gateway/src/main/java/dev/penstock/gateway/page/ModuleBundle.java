package dev.penstock.gateway.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins the page's own modules into one file, so that a first visit is a dozen requests and not
 * forty. Each module stays a scope of its own: {@code modules['sse.js'] = (() => { … })();}, in an
 * order in which everything is there before it is used. Libraries ({@code ../lib/…}) stay imports.
 *
 * <p>Understands what the page's modules are written in: imports of names, one statement per line,
 * and exports of declarations. Anything else is refused.
 */
final class ModuleBundle {
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:(\\{[^}]*}) from )?'(\\.\\.?/[\\w./-]+\\.js)';$");
  private static final Pattern EXPORT =
      Pattern.compile("(?m)^export (?=(?:async )?(?:function\\*?|class|const) (\\w+))");
  private static final Pattern LEFT_OVER = Pattern.compile("(?m)^(?:import|export)\\b.*$");

  private final UnaryOperator<String> sources;
  private final Map<String, String> libraries = new LinkedHashMap<>();
  private final Map<String, String> joined = new LinkedHashMap<>();
  private final List<String> open = new ArrayList<>();

  private ModuleBundle(UnaryOperator<String> sources) {
    this.sources = sources;
  }

  /**
   * The joined text of {@code entry} and everything it imports from its folder. It exports {@code
   * modules}, by file name.
   *
   * @param sources gives the text of a module by its file name
   * @throws IllegalStateException if modules import each other in a circle, or one is written in
   *     another way
   */
  static String of(String entry, UnaryOperator<String> sources) {
    var bundle = new ModuleBundle(sources);
    bundle.add(entry);
    var text = new StringBuilder();
    bundle.libraries.forEach(
        (specifier, name) ->
            text.append("import * as ")
                .append(name)
                .append(" from '")
                .append(specifier)
                .append("';\n"));
    text.append("export const modules = {};\n");
    bundle.joined.values().forEach(text::append);
    return text.toString();
  }

  private void add(String file) {
    if (joined.containsKey(file)) {
      return;
    }
    if (open.contains(file)) {
      throw new IllegalStateException("modules import each other: " + open + " and " + file);
    }
    open.add(file);
    var source = sources.apply(file);
    var body =
        IMPORT
            .matcher(source)
            .replaceAll(found -> Matcher.quoteReplacement(taken(found.group(1), found.group(2))));
    var names = EXPORT.matcher(source).results().map(found -> found.group(1)).toList();
    body = EXPORT.matcher(body).replaceAll("");
    var leftOver = LEFT_OVER.matcher(body);
    if (leftOver.find()) {
      throw new IllegalStateException(file + " cannot be joined: " + leftOver.group());
    }
    joined.put(
        file,
        "modules['%s'] = (() => {\n%sreturn { %s };\n})();\n"
            .formatted(file, body, String.join(", ", names)));
    open.remove(file);
  }

  /** What stands for an import: the names, taken from where the other module left them. */
  private String taken(@Nullable String names, String specifier) {
    String from;
    if (specifier.startsWith("./")) {
      var file = specifier.substring(2);
      add(file);
      from = "modules['" + file + "']";
    } else {
      from = libraries.computeIfAbsent(specifier, _ -> "library" + libraries.size());
    }
    return names == null ? "" : "const " + names + " = " + from + ";";
  }
}
