package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.ApiKey;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;

/**
 * What a request shows to say whose it is. Keys in addresses have become headers by now ({@link
 * KeyInAddress}).
 */
sealed interface Credential {
  /** No credential. */
  record Nothing() implements Credential {}

  /** One, of whatever worth. */
  record One(String text, Unauthenticated kind) implements Credential {
    /** Never the credential. */
    @Override
    public String toString() {
      return "One";
    }
  }

  /** Several that differ, or one in a scheme that is not spoken here. */
  record Unclear(Unauthenticated kind) implements Credential {}

  String BEARER = "bearer ";

  /**
   * Of a request: {@code Authorization: Bearer}; on the paths of the Gemini API {@code
   * x-goog-api-key} before that, since there the other may be a platform's own token.
   *
   * @param path normalized
   */
  static Credential of(HttpServerRequest request, String path) {
    var bearer = bearer(request.headers().getAll(HttpHeaders.AUTHORIZATION));
    if (!GeminiPaths.include(path)) {
      return bearer;
    }
    var keys = request.headers().getAll(GeminiPaths.KEY_HEADER).stream().distinct().toList();
    return switch (keys.size()) {
      case 0 -> bearer;
      case 1 -> either(keys.getFirst(), bearer);
      default -> new Unclear(Unauthenticated.KEY);
    };
  }

  private static Credential either(String key, Credential bearer) {
    // Two keys of ours, and which of them counts would be a guess.
    var twoKeys =
        bearer instanceof One(var text, _) && text.startsWith(ApiKey.PREFIX) && !text.equals(key);
    return twoKeys ? new Unclear(Unauthenticated.KEY) : new One(key.strip(), Unauthenticated.KEY);
  }

  private static Credential bearer(List<String> values) {
    var different = values.stream().map(String::strip).distinct().toList();
    if (different.isEmpty()) {
      return new Nothing();
    }
    var value = different.getFirst();
    if (different.size() > 1 || !value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return new Unclear(Unauthenticated.TOKEN);
    }
    return new One(value.substring(BEARER.length()).strip(), Unauthenticated.TOKEN);
  }
}
