package dev.penstock.gateway.authentication.oidc;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An issuer on a loopback port, with one key of each kind. */
final class TestIssuer implements AutoCloseable {
  static final String AUDIENCE = "https://chat.example.com";

  final KeyPair rsa = generate("RSA", 2048);
  final KeyPair ec = p256();
  final KeyPair ed = generate("Ed25519", 255);
  private final AtomicInteger fetches = new AtomicInteger();
  private final HttpServer server;
  private volatile boolean away;
  private volatile int granted = 200;
  private volatile Supplier<String> answer = () -> "{}";
  private volatile String grant = "";
  private volatile @Nullable String authorization;

  TestIssuer(Vertx vertx) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
  }

  URI name() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/realms/zoo");
  }

  /** From now on it answers nothing but 503; or no longer. */
  void away(boolean now) {
    away = now;
  }

  /** What its token endpoint answers from now on. */
  void grants(int status, Supplier<String> body) {
    granted = status;
    answer = body;
  }

  /** The form its token endpoint got last. */
  String grant() {
    return grant;
  }

  /** The header that came with it. */
  @Nullable String authorization() {
    return authorization;
  }

  /** How often its keys were asked for. */
  int fetches() {
    return fetches.get();
  }

  /** What a token that is good for five minutes says. */
  JsonObject claims() {
    var now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("iss", name().toString())
        .put("aud", AUDIENCE)
        .put("sub", "ann")
        .put("iat", now)
        .put("exp", now + 300);
  }

  /** A token that is good, but for what the claims say. */
  String token(JsonObject claims) {
    return Jws.signed(header("RS256"), claims, Jws.with("SHA256withRSA", rsa.getPrivate()));
  }

  static JsonObject header(String algorithm) {
    var kid =
        switch (algorithm) {
          case "ES256" -> "ec-1";
          case "EdDSA" -> "ed-1";
          default -> "rsa-1";
        };
    return new JsonObject().put("alg", algorithm).put("typ", "JWT").put("kid", kid);
  }

  JsonObject keys() {
    return new JsonObject()
        .put(
            "keys",
            new JsonArray()
                .add(jwk(new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID("rsa-1").build()))
                .add(
                    jwk(
                        new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.getPublic())
                            .keyID("ec-1")
                            .build()))
                .add(jwk(new OctetKeyPair.Builder(Curve.Ed25519, x()).keyID("ed-1").build()))
                .add(
                    new JsonObject()
                        .put("kty", "oct")
                        .put("kid", "secret-1")
                        .put("k", "c2hhcmVkLXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGVz"))
                .add(
                    jwk(new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID("enc-1").build())
                        .put("use", "enc"))
                .add(
                    jwk(
                        new RSAKey.Builder((RSAPublicKey) generate("RSA", 1024).getPublic())
                            .keyID("short-1")
                            .build())));
  }

  private static JsonObject jwk(com.nimbusds.jose.jwk.JWK key) {
    return new JsonObject(key.toJSONString());
  }

  private Base64URL x() {
    var encoded = ed.getPublic().getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
  }

  private void answer(HttpServerRequest request) {
    if (away) {
      request.response().setStatusCode(503).end();
      return;
    }
    switch (request.path()) {
      case "/realms/zoo/.well-known/openid-configuration" ->
          request
              .response()
              .end(
                  new JsonObject()
                      .put("issuer", name().toString())
                      .put("jwks_uri", name() + "/keys")
                      .put("authorization_endpoint", name() + "/authorize?tenant=zoo")
                      .put("token_endpoint", name() + "/token")
                      .encode());
      case "/realms/zoo/keys" -> {
        fetches.incrementAndGet();
        request.response().end(keys().encode());
      }
      case "/realms/zoo/token" -> {
        authorization = request.getHeader("Authorization");
        request.bodyHandler(
            body -> {
              grant = body.toString();
              request.response().setStatusCode(granted).end(answer.get());
            });
      }
      default -> request.response().setStatusCode(404).end();
    }
  }

  static KeyPair generate(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair p256() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
