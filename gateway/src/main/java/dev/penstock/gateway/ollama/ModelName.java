package dev.penstock.gateway.ollama;

import java.util.regex.Pattern;

/** Names of models as Ollama completes them. */
final class ModelName {
  private static final String LATEST = "latest";
  private static final Pattern VALID =
      Pattern.compile("([\\w.-]+(:\\d+)?/)?([\\w.-]+/)?[\\w][\\w.-]*(:[\\w][\\w.-]*)?");

  private ModelName() {}

  /** The name with its tag, {@code latest} where it has none. */
  static String withTag(String name) {
    return name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":" + LATEST : name;
  }

  /** As Ollama names a model in refusals: {@code registry.ollama.ai/library/gemma3:4b}. */
  static String qualified(String name) {
    var tagged = withTag(name);
    var slashes = tagged.chars().filter(c -> c == '/').count();
    return (slashes < 2 ? "registry.ollama.ai/" : "") + (slashes < 1 ? "library/" : "") + tagged;
  }

  /** Whether a registry could have a model of that name. */
  static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }
}
