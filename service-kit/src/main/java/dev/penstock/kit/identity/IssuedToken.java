package dev.penstock.kit.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/**
 * A token as the metadata server gave it.
 *
 * @param life how long it is good for from now on
 */
record IssuedToken(String value, Duration life) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Never the value. */
  @Override
  public String toString() {
    return "a token for " + life;
  }

  /**
   * Reads {@code {"access_token":"…","expires_in":3599,"token_type":"Bearer"}}.
   *
   * @throws IdentityException if it is something else
   */
  static IssuedToken access(Buffer answer) {
    var document = json(answer.getBytes());
    var value = document.path("access_token").asText();
    var seconds = document.path("expires_in").asLong();
    if (value.isEmpty() || seconds <= 0) {
      throw unintelligible();
    }
    return new IssuedToken(value, Duration.ofSeconds(seconds));
  }

  /**
   * Reads a JWT, whose claim {@code exp} says when it ends. What it says is not verified: it comes
   * from our own machine, and the callee verifies it.
   *
   * @throws IdentityException if it is something else
   */
  static IssuedToken identity(Buffer answer, Instant now) {
    var jwt = answer.toString().strip();
    var parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      throw unintelligible();
    }
    var end = json(decoded(parts[1])).path("exp").asLong();
    var life = Duration.between(now, Instant.ofEpochSecond(end));
    if (life.isNegative() || life.isZero()) {
      throw new IdentityException("the metadata server gave a token that has ended");
    }
    return new IssuedToken(jwt, life);
  }

  private static byte[] decoded(String part) {
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw unintelligible();
    }
  }

  private static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      // The text may hold the token, and so may the exception.
      throw unintelligible();
    }
  }

  private static IdentityException unintelligible() {
    return new IdentityException("the metadata server gave something that is no token");
  }
}
