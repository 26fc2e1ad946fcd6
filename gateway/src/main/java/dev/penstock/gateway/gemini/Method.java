package dev.penstock.gateway.gemini;

import java.util.List;

/** A model's methods by the names they have in paths (gemini-api.md section 1). */
enum Method {
  GENERATE("generateContent"),
  STREAM("streamGenerateContent"),
  COUNT("countTokens");

  /** The names of those that are answered here. */
  static final List<String> OFFERED = List.of(GENERATE.name, STREAM.name, COUNT.name);

  private static final List<String> KNOWN_ELSEWHERE =
      List.of(
          "embedContent",
          "batchEmbedContents",
          "asyncBatchEmbedContent",
          "batchGenerateContent",
          "generateAnswer",
          "computeTokens",
          "predict",
          "predictLongRunning");

  private final String name;

  Method(String name) {
    this.name = name;
  }

  /** Whether Google has a method of that name, here or not. */
  static boolean isKnown(String name) {
    return OFFERED.contains(name) || KNOWN_ELSEWHERE.contains(name);
  }

  /** Throws {@link GeminiException}: 501 for what Google offers, 404 for what nobody does. */
  static Method of(String name) {
    for (var method : values()) {
      if (method.name.equals(name)) {
        return method;
      }
    }
    throw KNOWN_ELSEWHERE.contains(name)
        ? new GeminiException(
            GeminiError.of(RpcStatus.UNIMPLEMENTED, "The method " + name + " is not offered here."))
        : Target.unknown();
  }
}
