package dev.penstock.gateway.authentication.oidc;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a cookie holds, so that nobody but a gateway reads or changes it: a JWE, {@code dir} with
 * A256GCM, that says what it is for and when it ends. Every gateway with the same secrets opens it.
 * Safe from any thread.
 */
final class Seal {
  /** A browser keeps no longer ones. */
  private static final int MAX_LENGTH = 4096;

  private static final String END = "until";
  private static final int ID_BYTES = 4;

  private final Map<String, SecretKey> keys = new LinkedHashMap<>();
  private final InstantSource clock;
  private final String first;

  /**
   * @param secrets the first one seals, all open
   */
  Seal(List<String> secrets, InstantSource clock) {
    this.clock = clock;
    for (var secret : secrets) {
      var key = sha256(secret.getBytes(StandardCharsets.UTF_8));
      keys.putIfAbsent(
          HexFormat.of().formatHex(sha256(key), 0, ID_BYTES), new SecretKeySpec(key, "AES"));
    }
    first = keys.keySet().iterator().next();
  }

  /**
   * Seals a document.
   *
   * @param purpose what it is opened for, and nothing else
   */
  String seal(String purpose, JsonObject content, long untilEpochSecond) {
    var header =
        new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
            .keyID(first)
            .type(new JOSEObjectType(purpose))
            .build();
    var sealed =
        new JWEObject(header, new Payload(content.copy().put(END, untilEpochSecond).encode()));
    try {
      sealed.encrypt(new DirectEncrypter(keys.get(first)));
    } catch (JOSEException e) {
      throw new IllegalStateException("A256GCM is not to be had", e);
    }
    return sealed.serialize();
  }

  /** The document; empty if we did not seal it for that, or its time is over. */
  Optional<JsonObject> open(String purpose, String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      var sealed = JWEObject.parse(text);
      var header = sealed.getHeader();
      var key = header.getKeyID() == null ? null : keys.get(header.getKeyID());
      if (key == null
          || !header.getAlgorithm().equals(JWEAlgorithm.DIR)
          || !header.getEncryptionMethod().equals(EncryptionMethod.A256GCM)
          || !new JOSEObjectType(purpose).equals(header.getType())) {
        return Optional.empty();
      }
      sealed.decrypt(new DirectDecrypter(key));
      var content = new JsonObject(sealed.getPayload().toString());
      return Optional.of(content).filter(each -> end(each) > clock.instant().getEpochSecond());
    } catch (ParseException | JOSEException | IllegalArgumentException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** When it ends, in seconds since 1970. */
  static long end(JsonObject content) {
    return content.getLong(END, 0L);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
