package dev.penstock.bench.authentication;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.penstock.gateway.authentication.oidc.OidcConfig;
import dev.penstock.kit.config.Environment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Date;
import java.util.Map;

/** One that issues a token and shows its keys, on a port of loopback. */
final class LoopbackIssuer implements AutoCloseable {
  private static final String AUDIENCE = "bench";
  private static final int BITS = 2_048;

  private final HttpServer server;
  private final String address;
  private final String token;

  private LoopbackIssuer(HttpServer server) throws JOSEException {
    this.server = server;
    address = "http://127.0.0.1:" + server.getAddress().getPort();
    var key = new RSAKeyGenerator(BITS).keyID("1").generate();
    token = token(address, key);
    var keys = new JWKSet(key.toPublicJWK()).toString().getBytes(UTF_8);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    server.start();
  }

  static LoopbackIssuer listen() {
    try {
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new LoopbackIssuer(HttpServer.create(loopback, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK makes RSA keys", e);
    }
  }

  private static String token(String address, RSAKey key) throws JOSEException {
    var now = Instant.now();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(address)
            .audience(AUDIENCE)
            .subject("bench")
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(3_600)))
            .build();
    var header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
    var signed = new SignedJWT(header, claims);
    signed.sign(new RSASSASigner(key));
    return signed.serialize();
  }

  /** A token that is good for an hour. */
  String token() {
    return token;
  }

  /** As of a gateway that believes it. */
  OidcConfig config() {
    return OidcConfig.from(
        new Environment(
            Map.of(
                "PENSTOCK_OIDC_ISSUER", address,
                "PENSTOCK_OIDC_JWKS_URL", address + "/keys",
                "PENSTOCK_OIDC_AUDIENCE", AUDIENCE)));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
