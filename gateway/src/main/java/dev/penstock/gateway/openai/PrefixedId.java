package dev.penstock.gateway.openai;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids as this dialect writes ours: a prefix that tells the kind, and a UUID without dashes. */
final class PrefixedId {
  static final String CONVERSATION = "conv_";
  static final String RESPONSE = "resp_";
  static final String MESSAGE = "msg_";

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{32}");

  private PrefixedId() {}

  static String of(String prefix, UUID id) {
    return prefix + id.toString().replace("-", "");
  }

  /** The UUID of such an id; empty for what is none. */
  static Optional<UUID> read(String prefix, String text) {
    if (!text.startsWith(prefix)) {
      return Optional.empty();
    }
    var hex = text.substring(prefix.length());
    return HEX.matcher(hex).matches()
        ? Optional.of(
            new UUID(
                Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16)))
        : Optional.empty();
  }
}
