package dev.penstock.gateway.authentication.oidc;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens put together by hand, so that they may be wrong in every way. */
final class Jws {
  private Jws() {}

  static String signed(JsonObject header, JsonObject claims, UnaryOperator<byte[]> signer) {
    return signed(header.encode(), claims.encode(), signer);
  }

  static String signed(String header, String payload, UnaryOperator<byte[]> signer) {
    var input = part(header) + "." + part(payload);
    return input + "." + part(signer.apply(input.getBytes(StandardCharsets.US_ASCII)));
  }

  static String part(String text) {
    return part(text.getBytes(StandardCharsets.UTF_8));
  }

  static String part(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Signs as the JDK does under that name; ES256 is {@code SHA256withECDSAinP1363Format}. */
  static UnaryOperator<byte[]> with(String algorithm, PrivateKey key) {
    return input -> {
      try {
        var signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(input);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  static UnaryOperator<byte[]> with(byte[] secret) {
    return input -> {
      try {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return mac.doFinal(input);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    };
  }
}
