package dev.penstock.gateway.openai;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A caller's affinity key as it may travel and be logged: hashed, apart per tenant. */
final class AffinityKey {
  private static final int BYTES = 16;

  private AffinityKey() {}

  /** 32 hexadecimal digits. */
  static String of(String tenant, String key) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((tenant + '\n' + key).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
