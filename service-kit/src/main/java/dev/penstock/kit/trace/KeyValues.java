package dev.penstock.kit.trace;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code name=value,name=value}, values percent-encoded, as OpenTelemetry's variables hold it. */
final class KeyValues {
  private KeyValues() {}

  static Map<String, String> parse(String text) {
    var pairs = new LinkedHashMap<String, String>();
    for (var pair : text.split(",")) {
      if (!pair.isBlank()) {
        var at = pair.indexOf('=');
        if (at < 1) {
          throw new IllegalArgumentException("name=value separated by commas");
        }
        pairs.put(pair.substring(0, at).strip(), decoded(pair.substring(at + 1).strip()));
      }
    }
    return pairs;
  }

  private static String decoded(String value) {
    // A plus sign is itself here, which the decoder of forms does not know.
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
