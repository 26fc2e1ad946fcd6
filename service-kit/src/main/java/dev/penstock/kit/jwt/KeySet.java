package dev.penstock.kit.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The public keys of an issuer that tokens may name (RFC 7517). Immutable. */
final class KeySet {
  private final Map<Name, JWSVerifier> verifiers;

  /** A key's id, and the algorithm it is for. */
  private record Name(String id, SignatureAlgorithm algorithm) {}

  private KeySet(Map<Name, JWSVerifier> verifiers) {
    this.verifiers = verifiers;
  }

  /**
   * Reads a JWKS document. Shared secrets, encryption keys, keys that are too short, keys without
   * an id and kinds nobody here knows are left out.
   *
   * @throws IssuerUnavailableException if it is none, or no key is left
   */
  static KeySet parse(String document) {
    var verifiers = new HashMap<Name, JWSVerifier>();
    try {
      for (var key : JWKSet.parse(document).getKeys()) {
        for (var algorithm : SignatureAlgorithm.values()) {
          var verifier = isForTokens(key, algorithm) ? algorithm.verifier(key) : null;
          if (verifier != null) {
            verifiers.put(new Name(key.getKeyID(), algorithm), verifier);
          }
        }
      }
    } catch (ParseException | JOSEException e) {
      throw new IssuerUnavailableException("the issuer's keys cannot be read");
    }
    if (verifiers.isEmpty()) {
      throw new IssuerUnavailableException("the issuer has no keys for RS256, ES256 or EdDSA");
    }
    return new KeySet(Map.copyOf(verifiers));
  }

  private static boolean isForTokens(JWK key, SignatureAlgorithm algorithm) {
    var use = key.getKeyUse();
    return key.getKeyID() != null
        && (use == null || use.equals(KeyUse.SIGNATURE))
        && algorithm.agrees(key);
  }

  /** What verifies signatures of that key; null if there is no such key for that algorithm. */
  @Nullable JWSVerifier find(String id, SignatureAlgorithm algorithm) {
    return verifiers.get(new Name(id, algorithm));
  }
}
