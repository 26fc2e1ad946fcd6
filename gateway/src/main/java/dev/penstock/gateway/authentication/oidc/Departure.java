package dev.penstock.gateway.authentication.oidc;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Somebody on the way to the identity provider: what its answer must fit.
 *
 * @param state comes back in the address: the answer is to this browser's question
 * @param nonce comes back in the identity token: it was made for this question
 * @param verifier shown with the code: whoever intercepted that has none (PKCE, RFC 7636)
 * @param target path of ours that they came from
 */
record Departure(String state, String nonce, String verifier, String target) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 32;

  // Paths of pages alone: what leads elsewhere ("//", "/\") would make us an open redirect.
  private static final Pattern TARGET =
      Pattern.compile("/(\\?session=[0-9a-f-]{36})?|/dev-ui/[\\w./?=&%-]{0,512}");

  /** With new secrets. */
  static Departure to(@Nullable String target) {
    return new Departure(random(), random(), random(), safe(target));
  }

  private static String safe(@Nullable String target) {
    return target != null && TARGET.matcher(target).matches() ? target : "/";
  }

  /** What the identity provider compares the verifier with, by S256. */
  String challenge() {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("state", state)
        .put("nonce", nonce)
        .put("verifier", verifier)
        .put("target", target);
  }

  /** Reads what {@link #toJson} wrote; empty for what another version did. */
  static Optional<Departure> of(JsonObject json) {
    var state = json.getString("state");
    var nonce = json.getString("nonce");
    var verifier = json.getString("verifier");
    return state == null || nonce == null || verifier == null
        ? Optional.empty()
        : Optional.of(new Departure(state, nonce, verifier, safe(json.getString("target"))));
  }

  private static String random() {
    var bytes = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
