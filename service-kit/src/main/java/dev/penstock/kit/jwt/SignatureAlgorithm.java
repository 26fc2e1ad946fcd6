package dev.penstock.kit.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The algorithms that are believed, each with the one kind of key it goes with. */
enum SignatureAlgorithm {
  RS256(JWSAlgorithm.RS256) {
    @Override
    @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
      return key instanceof RSAKey rsa && rsa.size() >= LEAST_RSA_BITS
          ? new RSASSAVerifier(rsa.toRSAPublicKey())
          : null;
    }
  },
  ES256(JWSAlgorithm.ES256) {
    @Override
    @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
      return key instanceof ECKey ec && Curve.P_256.equals(ec.getCurve())
          ? new ECDSAVerifier(ec.toECPublicKey())
          : null;
    }
  },
  EDDSA(JWSAlgorithm.EdDSA) {
    @Override
    @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
      return key instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())
          ? Ed25519Verifier.of(pair)
          : null;
    }
  };

  private static final int LEAST_RSA_BITS = 2048;

  @SuppressWarnings("ImmutableEnumChecker") // it is, as its own documentation says
  private final JWSAlgorithm name;

  SignatureAlgorithm(JWSAlgorithm name) {
    this.name = name;
  }

  /** What verifies signatures of that key; null if it is no key for this algorithm. */
  abstract @Nullable JWSVerifier verifier(JWK key) throws JOSEException;

  /** Whether a key may be used for it, as far as the key says. */
  boolean agrees(JWK key) {
    return key.getAlgorithm() == null || key.getAlgorithm().equals(name);
  }

  /** The one of that name; empty for {@code none}, for shared secrets and for all others. */
  static Optional<SignatureAlgorithm> of(JWSAlgorithm name) {
    return Stream.of(values()).filter(each -> each.name.equals(name)).findFirst();
  }
}
