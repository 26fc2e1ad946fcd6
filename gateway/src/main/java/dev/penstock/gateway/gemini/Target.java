package dev.penstock.gateway.gemini;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a path asks for (gemini-api.md section 1). Model ids hold colons and slashes, raw or
 * percent-encoded, and may say {@code models/} once more.
 *
 * @param vertex whether the path is one of Vertex AI's
 * @param id the model, with the method's name behind the last colon; empty for all models
 */
record Target(boolean vertex, String id) {
  private static final Pattern PATH =
      Pattern.compile(
          "/v1(?:beta|alpha|beta1)?/((?:projects/[^/]+/locations/[^/]+/)?publishers/google/)?"
              + "models(?:/(.+))?");
  private static final String MODELS = "models/";

  /** A method of a model's. */
  record Call(String model, String method) {}

  /** Throws {@link GeminiException}: a 404 for a path that is none of this dialect's. */
  static Target of(String path) {
    var matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      throw unknown();
    }
    var id = matcher.group(2) == null ? "" : decoded(matcher.group(2));
    return new Target(
        matcher.group(1) != null, id.startsWith(MODELS) ? id.substring(MODELS.length()) : id);
  }

  /** The model and the method; throws {@link GeminiException} where there are not both. */
  Call call() {
    var colon = id.lastIndexOf(':');
    if (colon < 1) {
      throw unknown();
    }
    return new Call(id.substring(0, colon), id.substring(colon + 1));
  }

  static GeminiException unknown() {
    return new GeminiException(
        GeminiError.of(RpcStatus.NOT_FOUND, "There is no such method at this path."));
  }

  private static String decoded(String id) {
    try {
      return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Members.invalid("model", "percent-encoded UTF-8");
    }
  }
}
