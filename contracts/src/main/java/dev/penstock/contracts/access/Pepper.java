package dev.penstock.contracts.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret under which keys are made and kept, which is in no database: HMAC-SHA-256 under it
 * gives a key's check and its stored hash. Safe from any thread.
 */
public final class Pepper {
  /** Fewest bytes of a secret. */
  public static final int LEAST_BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Mac keyed;

  /**
   * A pepper of that text.
   *
   * @throws IllegalArgumentException if it is too short
   */
  public Pepper(String secret) {
    var bytes = secret.getBytes(UTF_8);
    if (bytes.length < LEAST_BYTES) {
      throw new IllegalArgumentException("a secret of at least " + LEAST_BYTES + " bytes");
    }
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(bytes, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  /** A new key. */
  public ApiKey make(RandomGenerator random) {
    var id = new StringBuilder(ApiKey.ID_LENGTH);
    while (id.length() < ApiKey.ID_LENGTH) {
      id.append(ApiKey.ID_DIGITS.charAt(random.nextInt(ApiKey.ID_DIGITS.length())));
    }
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return checked(id.toString(), BASE64.encodeToString(secret));
  }

  private ApiKey checked(String id, String secret) {
    return new ApiKey(id, secret, check(id, secret));
  }

  /** Whether the key was made under this pepper; takes as long for any answer. */
  public boolean made(ApiKey key) {
    return MessageDigest.isEqual(
        check(key.id(), key.secret()).getBytes(US_ASCII), key.check().getBytes(US_ASCII));
  }

  /** What is stored of a key: lower-case hex. */
  public String hash(ApiKey key) {
    return HexFormat.of().formatHex(digest(key.text()));
  }

  /** Whether that is what is stored of the key; takes as long for any answer. */
  public boolean matches(ApiKey key, String hash) {
    return MessageDigest.isEqual(hash(key).getBytes(US_ASCII), hash.getBytes(US_ASCII));
  }

  private String check(String id, String secret) {
    return BASE64.encodeToString(digest("check" + id + secret)).substring(0, ApiKey.CHECK_LENGTH);
  }

  private byte[] digest(String text) {
    try {
      // A Mac is one computation's; a copy costs less than setting the secret anew.
      return ((Mac) keyed.clone()).doFinal(text.getBytes(US_ASCII));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own " + ALGORITHM + " can be copied", e);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "Pepper";
  }
}
