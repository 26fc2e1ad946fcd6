package dev.penstock.gateway.openai;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of stored things as this dialect writes them: a prefix, then a UUID without dashes. */
final class OpaqueId {
  static final String RESPONSE = "resp_";
  static final String MESSAGE = "msg_";
  static final String CONVERSATION = "conv_";

  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{32}");

  private OpaqueId() {}

  /** The id under that prefix. */
  static String of(String prefix, UUID id) {
    return prefix + id.toString().replace("-", "");
  }

  /** What an id stands for; empty where it is none that was given out under that prefix. */
  static Optional<UUID> read(String prefix, String text) {
    if (!text.startsWith(prefix)) {
      return Optional.empty();
    }
    var digits = text.substring(prefix.length());
    return DIGITS.matcher(digits).matches()
        ? Optional.of(
            new UUID(
                Long.parseUnsignedLong(digits, 0, 16, 16),
                Long.parseUnsignedLong(digits, 16, 32, 16)))
        : Optional.empty();
  }
}
