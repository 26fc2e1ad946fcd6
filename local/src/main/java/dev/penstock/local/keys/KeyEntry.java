package dev.penstock.local.keys;

import static java.util.stream.Collectors.joining;

import dev.penstock.contracts.access.StoredKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collector;
import org.jspecify.annotations.Nullable;

/** A key as an entry of section {@code keys} of the configuration file. */
final class KeyEntry {
  private KeyEntry() {}

  static String of(StoredKey key) {
    var lines = new ArrayList<String>();
    lines.add("  - id: \"" + key.id() + "\"");
    lines.add("    tenant: \"" + key.tenant() + "\"");
    lines.add("    name: \"" + key.name() + "\"");
    if (key.user() != null) {
      lines.add("    user: \"" + key.user() + "\"");
    }
    lines.add("    hash: \"" + key.hash() + "\"");
    lines.add("    scopes: " + key.scopes().stream().map(KeyEntry::word).collect(list()));
    if (key.models() != null) {
      lines.add("    models: " + key.models().stream().map(KeyEntry::quoted).collect(list()));
    }
    var limits = limits(key);
    if (!limits.isEmpty()) {
      lines.add("    limits: {" + String.join(", ", limits) + "}");
    }
    if (key.expiresAt() != null) {
      lines.add("    expires: \"" + key.expiresAt() + "\"");
    }
    return String.join("\n", lines) + "\n";
  }

  private static Collector<CharSequence, ?, String> list() {
    return joining(", ", "[", "]");
  }

  private static List<String> limits(StoredKey key) {
    var limits = new ArrayList<String>();
    add(limits, "requests_per_minute", key.limits().requestsPerMinute());
    add(limits, "tokens_per_minute", key.limits().tokensPerMinute());
    add(limits, "streams", key.limits().streams());
    add(limits, "output_tokens", key.limits().outputTokens());
    return limits;
  }

  private static void add(List<String> limits, String name, @Nullable Integer value) {
    if (value != null) {
      limits.add(name + ": " + value);
    }
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
