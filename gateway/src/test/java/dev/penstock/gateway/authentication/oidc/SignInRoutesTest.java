package dev.penstock.gateway.authentication.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.gateway.problem.Problems;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authorization code flow with PKCE, step by step (OpenID Connect Core 1.0 section 3.1). */
class SignInRoutesTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final TestIssuer ISSUER = new TestIssuer(VERTX);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String ROOT = "https://chat.example.com";
  private static final String CLIENT = "penstock page";

  private Instant now = Instant.now();
  private HttpServer server = start(Map.of("PENSTOCK_OIDC_CLIENT_SECRET", "s:ü"));

  @AfterEach
  void close() {
    ISSUER.away(false);
    server.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void asksTheProviderForACodeBoundToThisBrowser() throws Exception {
    var asked = query(get("/auth/login"));

    assertThat(asked)
        .containsEntry("tenant", "zoo")
        .containsEntry("response_type", "code")
        .containsEntry("client_id", CLIENT)
        .containsEntry("redirect_uri", ROOT + "/auth/callback")
        .containsEntry("scope", "openid")
        .containsEntry("code_challenge_method", "S256");
    assertThat(asked.get("state")).hasSizeGreaterThanOrEqualTo(43);
    assertThat(asked.get("nonce")).hasSizeGreaterThanOrEqualTo(43);
    assertThat(query(get("/auth/login")))
        .doesNotContainEntry("state", asked.get("state"))
        .doesNotContainEntry("nonce", asked.get("nonce"));
  }

  @Test
  void showsTheCodeWithItsProofAndTheClientsSecret() throws Exception {
    var begun = get("/auth/login?return=/?session=0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f");
    var asked = query(begun);

    var back = comeBack(begun, claims -> claims);

    assertThat(location(back)).isEqualTo("/?session=0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f");
    var form = parameters(ISSUER.grant());
    assertThat(form)
        .containsEntry("grant_type", "authorization_code")
        .containsEntry("code", "c0de")
        .containsEntry("redirect_uri", ROOT + "/auth/callback")
        .doesNotContainKey("client_secret");
    var digest =
        MessageDigest.getInstance("SHA-256")
            .digest(value(form, "code_verifier").getBytes(StandardCharsets.US_ASCII));
    assertThat(asked.get("code_challenge"))
        .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
    assertThat(ISSUER.authorization())
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString(
                        "penstock+page:s%3A%C3%BC".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void namesAPublicClientInTheForm() throws Exception {
    close();
    server = start(Map.of());

    assertThat(comeBack(get("/auth/login"), claims -> claims).statusCode()).isEqualTo(303);

    assertThat(ISSUER.authorization()).isNull();
    assertThat(parameters(ISSUER.grant())).containsEntry("client_id", CLIENT);
  }

  @Test
  void knowsThePersonByTheCookieUntilItEnds() throws Exception {
    var back = comeBack(get("/auth/login"), claims -> claims.put("name", "Ann of the Zoo"));

    var session = cookie(back, "__Host-penstock-session");
    assertThat(session)
        .contains("; Secure")
        .containsIgnoringCase("; HttpOnly")
        .contains("SameSite=Strict");
    assertThat(session).doesNotContain("Domain").contains("Path=/");
    assertThat(get("/who", "Cookie", pair(session)).body()).isEqualTo("default ann Ann of the Zoo");
    assertThat(session).doesNotContain("Ann").doesNotContain("ann;");
    now = now.plusSeconds(8 * 3600 + 1);
    assertThat(get("/who", "Cookie", pair(session)).body()).isEqualTo("nobody");
  }

  @Test
  void opensCookiesOfAnEarlierSecretAndOfNoOther() throws Exception {
    var session = pair(cookie(comeBack(get("/auth/login"), c -> c), "__Host-penstock-session"));
    close();
    server = start(Map.of("PENSTOCK_COOKIE_SECRET", "b".repeat(32) + "," + "a".repeat(32)));
    assertThat(get("/who", "Cookie", session).body()).startsWith("default ann");

    close();
    server = start(Map.of("PENSTOCK_COOKIE_SECRET", "b".repeat(32)));

    assertThat(get("/who", "Cookie", session).body()).isEqualTo("nobody");
  }

  @Test
  void doesNotTakeTheCookieOfTheWayForOneOfASession() throws Exception {
    var onTheWay = pair(cookie(get("/auth/login"), "__Host-penstock-sign-in"));

    var swapped = onTheWay.replace("sign-in=", "session=");

    assertThat(get("/who", "Cookie", swapped).body()).isEqualTo("nobody");
    assertThat(get("/who", "Cookie", "__Host-penstock-session=x").body()).isEqualTo("nobody");
    assertThat(get("/who", "Cookie", "penstock-session=" + onTheWay).body()).isEqualTo("nobody");
  }

  @Test
  void believesNoIdentityTokenThatIsNotForThisQuestion() throws Exception {
    Map<String, UnaryOperator<JsonObject>> wrong = new LinkedHashMap<>();
    wrong.put("another nonce", claims -> claims.put("nonce", "another"));
    wrong.put("no nonce", claims -> without(claims, "nonce"));
    wrong.put("another audience", claims -> claims.put("aud", "another"));
    wrong.put("the audience of programs", claims -> claims.put("aud", TestIssuer.AUDIENCE));
    wrong.put(
        "another party",
        claims -> claims.put("aud", new JsonArray().add(CLIENT).add("b")).put("azp", "b"));
    wrong.put("another issuer", claims -> claims.put("iss", "https://login.example.com"));
    wrong.put("expired", claims -> claims.put("exp", 1));
    wrong.put("a subject that cannot be kept", claims -> claims.put("sub", "a b"));

    for (var each : wrong.entrySet()) {
      var back = comeBack(get("/auth/login"), each.getValue());
      assertThat(location(back)).as(each.getKey()).isEqualTo("/?sign_in=failed");
      assertThat(cookies(back)).as(each.getKey()).doesNotContainKey("__Host-penstock-session");
    }
  }

  @Test
  void failsWhereTheProviderDoes() throws Exception {
    for (var answer : List.of("{}", "[]", "no", "{\"id_token\":1}", "{\"id_token\":\"a.b.c\"}")) {
      var begun = get("/auth/login");
      ISSUER.grants(200, () -> answer);
      assertThat(location(back(begun, "code=c0de"))).isEqualTo("/?sign_in=failed");
    }
    ISSUER.grants(400, () -> "{\"error\":\"invalid_grant\"}");
    assertThat(location(back(get("/auth/login"), "code=c0de"))).isEqualTo("/?sign_in=failed");
    assertThat(location(back(get("/auth/login"), "error=access_denied")))
        .isEqualTo("/?sign_in=failed");
    assertThat(location(back(get("/auth/login"), "code=" + "c".repeat(4000) + "c".repeat(97))))
        .isEqualTo("/?sign_in=failed");
  }

  @Test
  void saysSoWhereTheProviderCannotBeReached() throws Exception {
    close();
    ISSUER.away(true);
    server = start(Map.of());

    assertThat(location(get("/auth/login"))).isEqualTo("/?sign_in=failed");
  }

  @Test
  void signsOutByARequestOfOurOwnPageAlone() throws Exception {
    var refused = post("/auth/logout", "Sec-Fetch-Site", "cross-site");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(post("/auth/logout").statusCode()).isEqualTo(403);
    assertThat(post("/auth/logout", "Origin", "https://chat.example.com.evil").statusCode())
        .isEqualTo(403);

    var done = post("/auth/logout", "Sec-Fetch-Site", "same-origin");

    assertThat(done.statusCode()).isEqualTo(204);
    assertThat(cookie(done, "__Host-penstock-session"))
        .startsWith("__Host-penstock-session=;")
        .contains("Max-Age=0");
  }

  @Test
  void doesNotStartWithHalfOfItsSettings(@TempDir Path folder) throws Exception {
    for (var without :
        List.of("PENSTOCK_PUBLIC_URL", "PENSTOCK_COOKIE_SECRET", "PENSTOCK_OIDC_ISSUER")) {
      var settings = settings(Map.of());
      settings.remove(without);
      assertThatThrownBy(() -> OidcConfig.from(new Environment(settings)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(without);
    }
    for (var wrong :
        Map.of(
                "PENSTOCK_PUBLIC_URL", "https://chat.example.com/penstock",
                "PENSTOCK_COOKIE_SECRET", "short",
                "PENSTOCK_OIDC_SIGN_IN_SCOPES", "email")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  OidcConfig.from(
                      new Environment(settings(Map.of(wrong.getKey(), wrong.getValue())))))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining(wrong.getKey());
    }
    var file = Files.writeString(folder.resolve("secret"), "from-a-file\n");
    var config =
        OidcConfig.from(
            new Environment(settings(Map.of("PENSTOCK_OIDC_CLIENT_SECRET_FILE", file.toString()))));
    assertThat(signIn(config).clientSecret()).isEqualTo("from-a-file");
    assertThat(config.toString()).doesNotContain("from-a-file").doesNotContain("aaaaa");
  }

  /** The provider's answer to the browser that began, with an identity token of those claims. */
  private HttpResponse<String> comeBack(
      HttpResponse<String> begun, UnaryOperator<JsonObject> change) throws Exception {
    var claims =
        change.apply(ISSUER.claims().put("aud", CLIENT).put("nonce", query(begun).get("nonce")));
    ISSUER.grants(200, () -> new JsonObject().put("id_token", ISSUER.token(claims)).encode());
    return back(begun, "code=c0de");
  }

  private HttpResponse<String> back(HttpResponse<String> begun, String answer) throws Exception {
    return get(
        "/auth/callback?" + answer + "&state=" + query(begun).get("state"),
        "Cookie",
        pair(cookie(begun, "__Host-penstock-sign-in")));
  }

  private static JsonObject without(JsonObject claims, String name) {
    claims.remove(name);
    return claims;
  }

  private static Map<String, String> settings(Map<String, String> more) {
    var settings = new HashMap<String, String>();
    settings.put("PENSTOCK_OIDC_ISSUER", ISSUER.name().toString());
    settings.put("PENSTOCK_OIDC_AUDIENCE", TestIssuer.AUDIENCE);
    settings.put("PENSTOCK_OIDC_CLIENT_ID", CLIENT);
    settings.put("PENSTOCK_PUBLIC_URL", ROOT);
    settings.put("PENSTOCK_COOKIE_SECRET", "a".repeat(32));
    settings.putAll(more);
    return settings;
  }

  private HttpServer start(Map<String, String> more) {
    var config = OidcConfig.from(new Environment(settings(more)));
    var sessions = new BrowserSessions(signIn(config), () -> now);
    var router = Router.router(VERTX);
    router.route().handler(new RequestId());
    new SignInRoutes(
            VERTX,
            new Issuer(VERTX, config.issuer(), null),
            config,
            signIn(config),
            sessions,
            () -> now)
        .mount(router);
    router
        .get("/who")
        .handler(
            ctx ->
                ctx.end(
                    sessions
                        .person(ctx)
                        .map(
                            person ->
                                person.caller().tenant()
                                    + " "
                                    + person.caller().user()
                                    + " "
                                    + person.name())
                        .orElse("nobody")));
    router.route().failureHandler(new ProblemHandler(Problems::of));
    return VERTX
        .createHttpServer()
        .requestHandler(router)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("location").orElseThrow();
  }

  private static Map<String, String> query(HttpResponse<String> answer) {
    return parameters(URI.create(location(answer)).getRawQuery());
  }

  private static Map<String, String> parameters(String form) {
    var parameters = new HashMap<String, String>();
    for (var pair : form.split("&")) {
      var cut = pair.indexOf('=');
      parameters.put(
          pair.substring(0, cut),
          URLDecoder.decode(pair.substring(cut + 1), StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static Map<String, String> cookies(HttpResponse<String> answer) {
    var cookies = new HashMap<String, String>();
    for (var cookie : answer.headers().allValues("set-cookie")) {
      cookies.put(cookie.substring(0, cookie.indexOf('=')), cookie);
    }
    return cookies;
  }

  private static String cookie(HttpResponse<String> answer, String name) {
    return value(cookies(answer), name);
  }

  private static String value(Map<String, String> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  private static SignInConfig signIn(OidcConfig config) {
    return Objects.requireNonNull(config.signIn());
  }

  private static String pair(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send(path, HttpRequest.newBuilder().GET(), headers);
  }

  private HttpResponse<String> post(String path, String... headers)
      throws IOException, InterruptedException {
    return send(path, HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.noBody()), headers);
  }

  private HttpResponse<String> send(String path, HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    request.uri(URI.create("http://127.0.0.1:" + server.actualPort() + path));
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
