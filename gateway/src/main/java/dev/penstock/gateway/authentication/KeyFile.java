package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.gateway.agent.AgentFile;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.StrictMapping;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code keys} of the configuration file, a list of {@code {id, tenant, name, hash, user?,
 * scopes?, models?, limits?, expires?}}, as {@code keys create --yaml} prints them. What it does
 * not know stops the service and is named.
 */
final class KeyFile {
  private static final String SECTION = "keys";

  // What goes into a header as it is, and cannot be mistaken for another one.
  private static final String NAME = "[!-~&&[^%]]{1,128}";
  private static final String NAMED = "1 to 128 visible ASCII characters without %";

  private KeyFile() {}

  /**
   * The keys of a file by their ids.
   *
   * @throws ConfigurationException if it cannot be read, or holds what is not known
   */
  static Map<String, StoredKey> read(Path file) {
    var keys = new LinkedHashMap<String, StoredKey>();
    for (var key : ConfigurationFile.read(file, AgentFile.SECTIONS).list(SECTION, KeyFile::key)) {
      if (keys.put(key.id(), key) != null) {
        throw new ConfigurationException(file + ": keys has " + key.id() + " twice");
      }
    }
    return Map.copyOf(keys);
  }

  private static StoredKey key(StrictMapping entry) {
    return new StoredKey(
        matching(entry, "id", "[0-9a-z]{12}", "12 characters, as keys create prints it"),
        matching(entry, "tenant", NAME, NAMED),
        entry.text("name"),
        entry.has("user") ? matching(entry, "user", NAME, NAMED) : null,
        scopes(entry),
        entry.has("models") ? entry.list("models", "name", model -> model.text("name")) : null,
        limits(entry),
        matching(entry, "hash", "[0-9a-f]{64}", "64 hexadecimal digits"),
        expires(entry),
        null);
  }

  private static String matching(StrictMapping entry, String name, String form, String expected) {
    var text = entry.text(name);
    if (!text.matches(form)) {
      throw entry.wrong(name, expected);
    }
    return text;
  }

  private static Set<Scope> scopes(StrictMapping entry) {
    if (!entry.has("scopes")) {
      return EnumSet.of(Scope.CHAT, Scope.SESSIONS);
    }
    List<Scope> listed =
        entry.list("scopes", "scope", scope -> scope.word("scope", Scope.values()));
    return EnumSet.copyOf(listed);
  }

  private static Limits limits(StrictMapping entry) {
    return entry
        .optional(
            "limits",
            limits ->
                new Limits(
                    atLeastOne(limits, "requests_per_minute"),
                    atLeastOne(limits, "tokens_per_minute"),
                    atLeastOne(limits, "streams"),
                    atLeastOne(limits, "output_tokens"),
                    atLeastOne(limits, "body_bytes")))
        .orElse(Limits.NONE);
  }

  private static @Nullable Integer atLeastOne(StrictMapping limits, String name) {
    return limits.integer(name, 1, Integer.MAX_VALUE);
  }

  private static @Nullable Instant expires(StrictMapping entry) {
    var text = entry.optionalText("expires");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw entry.wrong("expires", "a time such as 2027-01-31T00:00:00Z");
    }
  }
}
