package dev.penstock.kit.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.Future;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a token is to be believed: signed by the issuer with RS256, ES256 or EdDSA, made for
 * us, and in force (reliability.md section 5.3, RFC 8725). Safe from any thread.
 */
public final class JwtVerifier {
  /** Clocks may differ by this much, both ways. */
  public static final Duration LEEWAY = Duration.ofSeconds(60);

  /** A longer token is not even looked at; a header cannot hold it. */
  public static final int MAX_LENGTH = 8 * 1024;

  private static final Pattern FORM = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  private final Issuer issuer;
  private final Set<String> audiences;
  private final InstantSource clock;

  /**
   * @param audiences tokens made for one of these are for us
   */
  public JwtVerifier(Issuer issuer, Set<String> audiences, InstantSource clock) {
    this.issuer = issuer;
    this.audiences = audiences;
    this.clock = clock;
  }

  /** Whether a text has the form of a token that is signed; says nothing of its worth. */
  public static boolean recognizes(String text) {
    return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
  }

  /**
   * What the token says.
   *
   * @return fails with a {@link JwtRefusedException} if it is not to be believed, and with an
   *     {@link IssuerUnavailableException} if that cannot be told now
   */
  public Future<JwtClaims> verify(String token) {
    try {
      if (!recognizes(token)) {
        throw new JwtRefusedException("no token, or too long");
      }
      var signed = SignedJWT.parse(token);
      var algorithm = algorithm(signed.getHeader());
      // Before the signature: a token for somebody else must not cost more than a look at it.
      var claims = claims(signed.getPayload().toJSONObject());
      return issuer
          .key(signed.getHeader().getKeyID(), algorithm)
          .map(key -> believed(signed, key, claims));
    } catch (ParseException | IllegalArgumentException e) {
      return Future.failedFuture(new JwtRefusedException("no token"));
    } catch (JwtRefusedException e) {
      return Future.failedFuture(e);
    }
  }

  private static SignatureAlgorithm algorithm(JWSHeader header) {
    // What names a key other than by its id, or asks for what nobody here does, may mislead.
    if (header.getJWKURL() != null
        || header.getX509CertURL() != null
        || header.getX509CertChain() != null
        || header.getJWK() != null
        || header.getCriticalParams() != null
        || header.getContentType() != null
        || !header.isBase64URLEncodePayload()
        || !Collections.disjoint(header.getIncludedParams(), List.of("b64", "zip", "enc"))) {
      throw new JwtRefusedException("a header that is not for us");
    }
    if (header.getType() != null && !isKnown(header.getType())) {
      throw new JwtRefusedException("another type of token");
    }
    if (header.getKeyID() == null) {
      throw new JwtRefusedException("no key is named");
    }
    return SignatureAlgorithm.of(header.getAlgorithm())
        .orElseThrow(() -> new JwtRefusedException("another algorithm"));
  }

  private static boolean isKnown(JOSEObjectType type) {
    return TYPES.contains(type.getType().toLowerCase(Locale.ROOT));
  }

  private JwtClaims claims(@Nullable Map<String, Object> payload) throws ParseException {
    // The library would make a text of a number.
    if (payload == null || !(payload.get("sub") instanceof String subject) || subject.isBlank()) {
      throw new JwtRefusedException("no subject");
    }
    var claims = JWTClaimsSet.parse(payload);
    if (!issuer.name().equals(claims.getIssuer())) {
      throw new JwtRefusedException("another issuer");
    }
    if (Collections.disjoint(claims.getAudience(), audiences)) {
      throw new JwtRefusedException("another audience");
    }
    var now = clock.instant();
    var end = claims.getExpirationTime();
    if (end == null || !now.isBefore(end.toInstant().plus(LEEWAY))) {
      throw new JwtRefusedException("expired");
    }
    if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
      throw new JwtRefusedException("not yet in force");
    }
    return new JwtClaims(subject, end.toInstant(), claims);
  }

  private static boolean isLater(@Nullable Date time, Instant now) {
    return time != null && time.toInstant().isAfter(now.plus(LEEWAY));
  }

  private static JwtClaims believed(SignedJWT signed, JWSVerifier key, JwtClaims claims) {
    try {
      if (signed.verify(key)) {
        return claims;
      }
    } catch (JOSEException e) {
      // as good as a signature that is wrong
    }
    throw new JwtRefusedException("not signed by the issuer");
  }
}
