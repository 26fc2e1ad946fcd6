package dev.penstock.gateway.authentication;

import java.util.regex.Pattern;

/** Where clients of the Gemini API send keys in ways of their own (gemini-api.md section 2). */
final class GeminiPaths {
  static final String KEY_HEADER = "x-goog-api-key";
  static final String KEY_PARAMETER = "key";

  private static final Pattern OWN =
      Pattern.compile("/(v1beta|v1beta1|v1alpha|v1/projects|v1/publishers|v1/tunedModels)(/.*)?");
  private static final Pattern SHARED = Pattern.compile("/v1/models(/.*)?");

  private GeminiPaths() {}

  /** Whether a key may stand there; also on the paths that are OpenAI's, too. */
  static boolean include(String path) {
    return areOwn(path) || SHARED.matcher(path).matches();
  }

  /** Whether nobody but Gemini's clients asks there. */
  static boolean areOwn(String path) {
    return OWN.matcher(path).matches();
  }
}
