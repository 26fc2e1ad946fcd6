package dev.penstock.kit.jwt;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.function.Function;

/**
 * What tokens stand for. One that was verified is known by its hash for 30 seconds, or until it
 * ends. Confined to one event loop.
 */
public final class KnownTokens<T> {
  private static final Duration KNOWN_FOR = Duration.ofSeconds(30);

  private final LinkedHashMap<String, Known<T>> known = new LinkedHashMap<>(16, 0.75f, true);
  private final JwtVerifier verifier;
  private final Function<JwtClaims, T> meaning;
  private final InstantSource clock;
  private final int most;

  private record Known<T>(T meaning, Instant until) {}

  /**
   * @param meaning of a token that is believed; may throw a {@link JwtRefusedException}
   * @param most tokens to know; what was not used for longest is forgotten first
   */
  public KnownTokens(
      JwtVerifier verifier, Function<JwtClaims, T> meaning, int most, InstantSource clock) {
    this.verifier = verifier;
    this.meaning = meaning;
    this.most = most;
    this.clock = clock;
  }

  /** What the token stands for; fails as {@link JwtVerifier#verify} does. */
  public Future<T> find(String token) {
    var hash = hash(token);
    var now = clock.instant();
    var before = known.get(hash);
    if (before != null) {
      if (now.isBefore(before.until)) {
        return Future.succeededFuture(before.meaning);
      }
      known.remove(hash);
    }
    return verifier.verify(token).map(claims -> keep(hash, claims, now));
  }

  private T keep(String hash, JwtClaims claims, Instant now) {
    var latest = now.plus(KNOWN_FOR);
    var meant = meaning.apply(claims);
    known.put(hash, new Known<>(meant, claims.end().isBefore(latest) ? claims.end() : latest));
    if (known.size() > most) {
      known.pollFirstEntry();
    }
    return meant;
  }

  private static String hash(String token) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
