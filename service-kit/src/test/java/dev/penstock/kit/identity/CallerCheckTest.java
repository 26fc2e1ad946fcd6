package dev.penstock.kit.identity;

import static dev.penstock.kit.identity.FakeMetadata.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A service that checks which other services call it. */
class CallerCheckTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ECKey KEY = key();
  private static final String AUDIENCE = "https://sessions.example.com";
  private static final String GATEWAY = "gateway@zoo.iam.gserviceaccount.com";

  private final HttpServer issuer =
      await(
          VERTX
              .createHttpServer()
              .requestHandler(
                  request ->
                      request
                          .response()
                          .setStatusCode(away() ? 503 : 200)
                          .end("{\"keys\":[" + KEY.toPublicJWK().toJSONString() + "]}"))
              .listen(0, "127.0.0.1"));
  private volatile boolean away;
  private final HttpServer service = await(service(config()).listen(0, "127.0.0.1"));

  @AfterEach
  void close() {
    await(service.close());
    await(issuer.close());
  }

  @AfterAll
  static void stop() {
    await(VERTX.close());
  }

  @Test
  void letsAListedServiceInByItsAddressAndKeepsItsBody() throws Exception {
    var answer =
        post(token(claims -> claims.claim("email", GATEWAY).claim("email_verified", true)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("a turn");
  }

  @Test
  void letsAListedServiceInByItsSubject() throws Exception {
    assertThat(post(token(claims -> claims.subject("1077"))).statusCode()).isEqualTo(200);
  }

  @Test
  void doesNotBelieveAnAddressThatNobodyVerified() throws Exception {
    assertThat(post(token(claims -> claims.claim("email", GATEWAY))).statusCode()).isEqualTo(403);
  }

  @Test
  void turnsAwayAServiceThatIsNotListed() throws Exception {
    var answer =
        post(
            token(
                claims ->
                    claims
                        .claim("email", "other@zoo.iam.gserviceaccount.com")
                        .claim("email_verified", true)));

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("\"code\":\"forbidden\"");
  }

  @Test
  void turnsAwayWhoBringsNoTokenForIt() throws Exception {
    var forAnother = token(claims -> claims.subject("1077").audience("https://proxy.example.com"));
    var expired = token(claims -> claims.subject("1077").expirationTime(Date.from(Instant.EPOCH)));
    var unsigned = token(claims -> claims.subject("1077")).replaceAll("[^.]+$", "AAAA");

    for (var token : new String[] {forAnother, expired, unsigned, "psk_key", ""}) {
      var answer = post(token);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(answer.body()).contains("\"code\":\"unauthenticated\"");
    }
    assertThat(send(request("/turns")).statusCode()).isEqualTo(401);
    assertThat(
            send(request("/turns").header("Authorization", "Basic Z2F0ZXdheTpzZWNyZXQ="))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void answersProbesWithoutAToken() throws Exception {
    assertThat(send(request("/livez")).statusCode()).isEqualTo(200);
  }

  @Test
  void saysThatItCannotTellWhileTheIssuerIsAway() throws Exception {
    away = true;

    var answer = post(token(claims -> claims.subject("1077")));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void doesNotStartWithoutAnAudienceAndCallers() {
    assertThatThrownBy(() -> CallersConfig.from(new Environment(Map.of("PENSTOCK_CALLERS", "a"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_AUDIENCE");
    assertThatThrownBy(
            () -> CallersConfig.from(new Environment(Map.of("PENSTOCK_AUDIENCE", AUDIENCE))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_CALLERS");
  }

  private boolean away() {
    return away;
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + issuer.actualPort());
  }

  private CallersConfig config() {
    return CallersConfig.from(
        new Environment(
            Map.of(
                "PENSTOCK_IDENTITY_ISSUER",
                address().toString(),
                "PENSTOCK_IDENTITY_JWKS_URL",
                address() + "/keys",
                "PENSTOCK_AUDIENCE",
                AUDIENCE,
                "PENSTOCK_CALLERS",
                GATEWAY + ", 1077")));
  }

  private static HttpServer service(CallersConfig config) {
    var router = Router.router(VERTX);
    router.route().handler(new RequestId());
    router
        .route()
        .handler(
            new CallerCheck(
                config, new Issuer(VERTX, config.issuer(), config.keys()), InstantSource.system()));
    router.get("/livez").handler(ctx -> ctx.end());
    router
        .post("/turns")
        .handler(BodyHandler.create(false))
        .handler(ctx -> ctx.end(ctx.body().buffer()));
    router.route().failureHandler(new ProblemHandler(_ -> Optional.empty()));
    return VERTX.createHttpServer().requestHandler(router);
  }

  private String token(Consumer<JWTClaimsSet.Builder> change) {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(address().toString())
            .audience(AUDIENCE)
            .subject("1")
            .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    change.accept(claims);
    var jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(), claims.build());
    try {
      jwt.sign(new ECDSASigner(KEY));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return jwt.serialize();
  }

  private static ECKey key() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.actualPort() + path));
  }

  private HttpResponse<String> post(String token) throws IOException, InterruptedException {
    return send(
        request("/turns")
            .header("Authorization", "Bearer " + token)
            .POST(HttpRequest.BodyPublishers.ofString("a turn")));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
