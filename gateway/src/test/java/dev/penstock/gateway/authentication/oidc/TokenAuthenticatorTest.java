package dev.penstock.gateway.authentication.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.jwt.JwtVerifier;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** reliability.md section 5.3. */
class TokenAuthenticatorTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final TestIssuer ISSUER = new TestIssuer(VERTX);
  private static final Context LOOP = VERTX.getOrCreateContext();

  private Instant now = Instant.now();
  private final TokenAuthenticator tokens = authenticator(ISSUER, Map.of());

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  static Stream<Arguments> attacks() {
    return JwtAttacks.on(ISSUER).entrySet().stream()
        .map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void refuses(String name, String token) {
    assertThatThrownBy(() -> caller(tokens, token))
        .isInstanceOfSatisfying(
            FailureException.class,
            refused -> {
              assertThat(refused.failure().code()).isEqualTo(FailureCode.UNAUTHENTICATED);
              assertThat(refused.failure().detail())
                  .isEqualTo("Send a valid key or token with the request.");
            });
  }

  @Test
  void knowsMoreThanFortyAttacks() {
    assertThat(JwtAttacks.on(ISSUER)).hasSizeGreaterThan(40);
  }

  @ParameterizedTest
  @CsvSource({"RS256, JWT", "RS256, at+jwt", "ES256, application/at+jwt", "EdDSA, jwt", "EdDSA,"})
  void believesAllThreeAlgorithms(String algorithm, String type) {
    var key =
        switch (algorithm) {
          case "ES256" -> Jws.with("SHA256withECDSAinP1363Format", ISSUER.ec.getPrivate());
          case "EdDSA" -> Jws.with("Ed25519", ISSUER.ed.getPrivate());
          default -> Jws.with("SHA256withRSA", ISSUER.rsa.getPrivate());
        };
    var header = TestIssuer.header(algorithm);
    header.remove("typ");
    if (type != null) {
      header.put("typ", type);
    }

    var caller = caller(tokens, Jws.signed(header, ISSUER.claims(), key));

    assertThat(caller).isEqualTo(new Caller("default", "ann"));
    assertThat(caller.rights().scopes()).containsExactlyInAnyOrder(Scope.CHAT, Scope.SESSIONS);
    assertThat(caller.rights().until()).isAfter(Instant.now());
  }

  @Test
  void allowsClocksToDifferByAMinute() {
    var past = now.getEpochSecond();
    var early = ISSUER.claims().put("nbf", past + 50).put("iat", past + 50);

    assertThat(caller(tokens, ISSUER.token(early)).user()).isEqualTo("ann");
    assertThat(caller(tokens, ISSUER.token(ISSUER.claims().put("exp", past - 50))).user())
        .isEqualTo("ann");
  }

  @Test
  void takesOneOfSeveralAudiences() {
    var audiences = new JsonArray().add("https://other.example.com").add(TestIssuer.AUDIENCE);

    assertThat(caller(tokens, ISSUER.token(ISSUER.claims().put("aud", audiences))).user())
        .isEqualTo("ann");
  }

  @Test
  void readsTenantAndScopesWhereTheConfigurationSays() {
    var configured =
        authenticator(
            ISSUER,
            Map.of(
                "PENSTOCK_OIDC_TENANT_CLAIM", "org", "PENSTOCK_OIDC_SCOPES_CLAIM", "permissions"));
    var claims = ISSUER.claims().put("org", "acme").put("permissions", "chat email admin");

    var caller = caller(configured, ISSUER.token(claims));

    assertThat(caller).isEqualTo(new Caller("acme", "ann"));
    assertThat(caller.rights().scopes()).containsExactlyInAnyOrder(Scope.CHAT, Scope.ADMIN);
    var list = claims.put("permissions", new JsonArray().add("sessions"));
    assertThat(caller(configured, ISSUER.token(list)).rights().scopes())
        .containsExactly(Scope.SESSIONS);
    assertThatThrownBy(() -> caller(configured, ISSUER.token(ISSUER.claims())))
        .isInstanceOf(FailureException.class);
    assertThatThrownBy(() -> caller(configured, ISSUER.token(claims.put("org", "a%20cme"))))
        .isInstanceOf(FailureException.class);
  }

  @Test
  void verifiesATokenOnceInHalfAMinuteAndNotBeyondItsEnd() {
    var clock = new Instant[] {Instant.now()};
    try (var issuer = new TestIssuer(VERTX)) {
      var known = authenticator(issuer, Map.of(), () -> clock[0]);
      var token = issuer.token(issuer.claims().put("exp", clock[0].getEpochSecond() + 20));
      caller(known, token);
      issuer.away(true);
      clock[0] = clock[0].plusSeconds(19);
      assertThat(caller(known, token).user()).isEqualTo("ann");

      clock[0] = clock[0].plusSeconds(100);

      assertThatThrownBy(() -> caller(known, token))
          .isInstanceOfSatisfying(
              FailureException.class,
              refused ->
                  assertThat(refused.failure().code()).isEqualTo(FailureCode.UNAUTHENTICATED));
    }
  }

  @Test
  void saysThatItCannotTellWhileTheIssuersKeysWereNeverThere() {
    try (var issuer = new TestIssuer(VERTX)) {
      issuer.away(true);
      var unsure = authenticator(issuer, Map.of());

      assertThatThrownBy(() -> caller(unsure, issuer.token(issuer.claims())))
          .isInstanceOfSatisfying(
              FailureException.class,
              refused ->
                  assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_UNAVAILABLE));
    }
  }

  @Test
  void doesNotStartWithoutAnAudienceOrWithTwoSourcesOfTheTenant() {
    assertThatThrownBy(
            () ->
                OidcConfig.from(
                    new Environment(Map.of("PENSTOCK_OIDC_ISSUER", "https://login.example.com"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_OIDC_AUDIENCE");
    assertThatThrownBy(
            () ->
                config(
                    ISSUER,
                    Map.of("PENSTOCK_OIDC_TENANT", "acme", "PENSTOCK_OIDC_TENANT_CLAIM", "org")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("PENSTOCK_OIDC_TENANT_CLAIM");
    assertThatThrownBy(
            () ->
                OidcConfig.from(
                    new Environment(Map.of("PENSTOCK_OIDC_ISSUER", "http://login.example.com"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("https://");
  }

  private TokenAuthenticator authenticator(TestIssuer issuer, Map<String, String> settings) {
    return authenticator(issuer, settings, () -> now);
  }

  private static TokenAuthenticator authenticator(
      TestIssuer issuer, Map<String, String> settings, InstantSource clock) {
    var config = config(issuer, settings);
    var verifier =
        new JwtVerifier(
            new Issuer(VERTX, config.issuer(), config.keys()), config.audiences(), clock);
    return new TokenAuthenticator(verifier, config, clock);
  }

  private static OidcConfig config(TestIssuer issuer, Map<String, String> settings) {
    var variables = new HashMap<>(settings);
    variables.put("PENSTOCK_OIDC_ISSUER", issuer.name().toString());
    variables.put("PENSTOCK_OIDC_AUDIENCE", TestIssuer.AUDIENCE);
    return OidcConfig.from(new Environment(variables));
  }

  private static Caller caller(TokenAuthenticator tokens, String token) {
    var answer = new CompletableFuture<Caller>();
    LOOP.runOnContext(
        _ ->
            tokens
                .authenticate(token)
                .onComplete(
                    (caller, failure) -> {
                      if (failure == null) {
                        answer.complete(caller);
                      } else {
                        answer.completeExceptionally(failure);
                      }
                    }));
    try {
      return answer.orTimeout(20, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }
}
