package dev.penstock.gateway.ollama;

import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The key by which a conversation stays with the model server that holds its prefix. */
final class Affinity {
  /** Open WebUI's name for a conversation; no other client of this dialect has one. */
  private static final String CHAT_ID = "X-OpenWebUI-Chat-Id";

  private static final int BYTES = 16;

  private Affinity() {}

  /** 32 hexadecimal digits, apart per tenant; null where the client tells nothing. */
  static @Nullable String of(HttpServerRequest request, String tenant) {
    var chat = request.getHeader(CHAT_ID);
    if (chat == null || chat.isEmpty()) {
      return null;
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((tenant + '\n' + chat).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
