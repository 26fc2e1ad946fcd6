package dev.penstock.gateway.authentication.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.authentication.MadeKey;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway that takes keys and tokens. */
class TokensAtTheEdgeTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final MadeKey KEY = MadeKey.of("acme");

  private static TestIssuer issuer;
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    issuer = new TestIssuer(VERTX);
    var settings = new HashMap<>(MadeKey.SETTINGS);
    settings.put("AUTHENTICATION", "keys,oidc");
    settings.put("PENSTOCK_OIDC_ISSUER", issuer.name().toString());
    settings.put("PENSTOCK_OIDC_AUDIENCE", TestIssuer.AUDIENCE);
    settings.put("PENSTOCK_OIDC_SCOPES_CLAIM", "scope");
    settings.put("PENSTOCK_OIDC_TENANT", "zoo");
    gateway = new GatewayFixture(settings, List.of(KEY));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    VERTX.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void tellsEveryBadTokenTheSame() {
    var told = new HashSet<String>();

    JwtAttacks.on(issuer)
        .forEach(
            (name, token) -> {
              // A longer one does not even fit into a request.
              if (token.length() < 7_000) {
                var answer = get("/v1/sessions", token);
                assertThat(answer.status()).as(name).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate")).as(name).isEqualTo("Bearer");
                told.add(answer.body().replaceAll("\"request_id\":\"[^\"]*\"", ""));
              }
            });

    assertThat(told)
        .isEqualTo(
            Set.of(
                gateway
                    .client()
                    .get("/v1/sessions", "Authorization", "Bearer psk_no_key")
                    .body()
                    .replaceAll("\"request_id\":\"[^\"]*\"", "")));
  }

  @Test
  void letsATokenInAsFarAsItsScopesGo() {
    var chat = issuer.token(issuer.claims().put("scope", "openid chat"));
    var both = issuer.token(issuer.claims().put("scope", "chat sessions"));
    var none = issuer.token(issuer.claims());

    assertThat(get("/v1/models", chat).status()).isEqualTo(200);
    assertThat(get("/v1/sessions", chat).status()).isEqualTo(403);
    assertThat(get("/v1/sessions", both).status()).isEqualTo(200);
    assertThat(get("/v1/models", none).status()).isEqualTo(403);
  }

  @Test
  void tellsThePageWhoItIs() {
    var nobody = gateway.client().get("/auth/session").json();
    assertThat(nobody.path("required").asBoolean()).isTrue();
    assertThat(nobody.path("key").asBoolean()).isTrue();
    assertThat(nobody.path("provider").isNull()).isTrue();
    assertThat(nobody.path("signed_in").asBoolean()).isFalse();
    assertThat(get("/auth/session", "psk_no_key").json().path("signed_in").asBoolean()).isFalse();

    var ann = get("/auth/session", issuer.token(issuer.claims())).json();
    assertThat(ann.path("signed_in").asBoolean()).isTrue();
    assertThat(ann.path("tenant").asText()).isEqualTo("zoo");
    assertThat(ann.path("user").asText()).isEqualTo("ann");
    var byKey = get("/auth/session", KEY.text()).json();
    assertThat(byKey.path("name").asText()).isEqualTo("acme");
    assertThat(byKey.path("user").isNull()).isTrue();
  }

  @Test
  void hasNoSignInWithoutAClient() {
    assertThat(gateway.client().get("/auth/login").status()).isEqualTo(404);
  }

  private static Client.Answer get(String path, String token) {
    return gateway.client().get(path, "Authorization", "Bearer " + token);
  }
}
