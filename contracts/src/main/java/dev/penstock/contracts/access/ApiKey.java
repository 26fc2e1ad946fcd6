package dev.penstock.contracts.access;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key as its holder has it: {@code psk_{id}_{secret}{check}}.
 *
 * @param id 12 characters of Crockford's base 32 in lower case; may be shown
 * @param secret 256 random bits in base64url
 * @param check 8 characters by which a service that knows the pepper tells the key from a made-up
 *     one without a look-up
 */
public record ApiKey(String id, String secret, String check) {
  /** What every key begins with, so that it is known for one wherever it turns up. */
  public static final String PREFIX = "psk_";

  static final String ID_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  static final int ID_LENGTH = 12;
  static final int CHECK_LENGTH = 8;

  private static final int SECRET_LENGTH = 43;
  private static final int SECRET_AT = PREFIX.length() + ID_LENGTH + 1;
  private static final int CHECK_AT = SECRET_AT + SECRET_LENGTH;
  private static final int LENGTH = CHECK_AT + CHECK_LENGTH;
  private static final Pattern FORM =
      Pattern.compile(
          PREFIX
              + ("[" + ID_DIGITS + "]{" + ID_LENGTH + "}_")
              + ("[A-Za-z0-9_-]{" + (SECRET_LENGTH + CHECK_LENGTH) + "}"));

  /** The key that a text is; empty if it has not the form of one. */
  public static Optional<ApiKey> parse(String text) {
    return text.length() == LENGTH && FORM.matcher(text).matches()
        ? Optional.of(
            new ApiKey(
                text.substring(PREFIX.length(), SECRET_AT - 1),
                text.substring(SECRET_AT, CHECK_AT),
                text.substring(CHECK_AT)))
        : Optional.empty();
  }

  /** The whole key, to be shown once and to its holder only. */
  public String text() {
    return PREFIX + id + "_" + secret + check;
  }

  /** What may be shown. */
  @Override
  public String toString() {
    return PREFIX + id + "_…";
  }
}
