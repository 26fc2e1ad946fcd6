package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.Conversation;
import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Tab;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People who sign in with an identity provider, and programs with its tokens (CP-57, SSE-22). */
class SignInIT {
  private static final String CLIENT = "penstock-page";
  private static final String AUDIENCE = "https://chat.example.com";
  private static final String REALM = "zoo";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @RegisterExtension static final Browser browser = new Browser();

  private static MockOAuth2Server provider;
  private static FrontEnd front;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    provider = new MockOAuth2Server();
    provider.start();
    front = new FrontEnd(() -> cluster == null ? List.of() : cluster.livingGateways());
    cluster =
        Cluster.start(
            Cluster.Shape.TWO_OF_EACH.withGateways(
                Map.of(
                    "AUTHENTICATION",
                    "oidc",
                    "PENSTOCK_OIDC_ISSUER",
                    provider.issuerUrl(REALM).toString(),
                    "PENSTOCK_OIDC_AUDIENCE",
                    AUDIENCE,
                    "PENSTOCK_OIDC_CLIENT_ID",
                    CLIENT,
                    "PENSTOCK_OIDC_CLIENT_SECRET",
                    "a secret: with a colon",
                    "PENSTOCK_OIDC_PROVIDER_NAME",
                    "Zoo ID",
                    "PENSTOCK_PUBLIC_URL",
                    root(),
                    "PENSTOCK_COOKIE_SECRET",
                    "a-secret-of-this-test-that-is-long-enough",
                    "PENSTOCK_SIGN_IN_LIFETIME_MS",
                    "600000")));
  }

  @AfterAll
  static void stop() {
    front.close();
    cluster.close();
    provider.shutdown();
  }

  @Test
  void signsInSeesOwnSessionsOnEveryDeviceAndSignsOut() {
    var laptop = signedIn("ann");
    laptop.send("[say] Bamboo").untilAnswer("Bamboo").untilState("completed");
    laptop.tab().untilShows("#person", "ann");
    laptop.tab().reload();
    laptop.tab().untilShows("#sessions", "[say] Bamboo");
    laptop.untilAnswer("Bamboo");
    assertThat(laptop.tab().text("document.cookie")).isEmpty();
    assertThat(laptop.tab().text("JSON.stringify({...localStorage, ...sessionStorage})"))
        .doesNotContain("eyJ");

    var phone = signedIn("ann");
    phone.tab().untilShows("#sessions", "[say] Bamboo");
    var another = signedIn("bob");
    another.tab().untilShows("#sessions", "Your chats appear here.");
    another.tab().open(front.address() + "?session=" + laptop.sessionId());
    another.tab().untilShows("#transcript", "This chat was deleted");
    another.tab().forgive("404");

    laptop.tab().click("#sign-out");

    laptop.tab().untilShows("#sign-in", "Sign in with Zoo ID");
    assertThat(laptop.tab().text("document.querySelector('#sessions').innerText")).isEmpty();
    phone.tab().reload();
    phone.tab().untilShows("#sessions", "[say] Bamboo");
  }

  @Test
  void comesBackToTheConversationItLeft() {
    var page = signedIn("cleo");
    page.send("[say] Stripes").untilState("completed");
    var address = front.address() + "?session=" + page.sessionId();
    var tab = browser.tab();
    tab.open(address);
    tab.untilShows("#sign-in", "Sign in with Zoo ID");
    as("cleo");

    tab.click("#provider");

    tab.untilShows("#transcript", "Stripes");
    assertThat(tab.text("location.href")).isEqualTo(address);
  }

  @Test
  void opensTheWebOfAdkWithTheSameCookie() {
    var page = signedIn("dora");

    var apps = page.tab().text("fetch('/list-apps').then((answer) => answer.text())");

    assertThat(apps).contains("production_agent");
  }

  @Test
  void takesACookieFromOurOwnPagesAlone() throws Exception {
    var cookie = cookie(signIn("eve"));
    var session = "{}";

    assertThat(post("/v1/sessions", session, "Cookie", cookie).statusCode()).isEqualTo(403);
    assertThat(
            post("/v1/sessions", session, "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            post("/v1/sessions", session, "Cookie", cookie, "Sec-Fetch-Site", "same-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            post("/v1/sessions", session, "Cookie", cookie, "Origin", "https://evil.example.com")
                .statusCode())
        .isEqualTo(403);
    assertThat(post("/v1/sessions", session, "Cookie", cookie, "Origin", root()).statusCode())
        .isEqualTo(201);
    assertThat(
            post("/v1/sessions", session, "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
                .statusCode())
        .isEqualTo(201);
    var tampered = cookie.substring(0, cookie.length() - 2) + "AA";
    assertThat(post("/v1/sessions", session, "Cookie", tampered, "Origin", root()).statusCode())
        .isEqualTo(401);
    assertThat(get("/v1/sessions", "Cookie", cookie, "Sec-Fetch-Site", "same-site").statusCode())
        .isEqualTo(401);
  }

  @Test
  void setsACookieThatNoPageReadsAndNoOtherSiteSends() throws Exception {
    var answer = signIn("fay");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("location")).contains("/");
    assertThat(answer.headers().allValues("set-cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith("penstock-session=ey")
                    .containsIgnoringCase("HttpOnly")
                    .contains("SameSite=Strict")
                    .contains("Path=/"))
        .anySatisfy(
            cookie -> assertThat(cookie).startsWith("penstock-sign-in=;").contains("Max-Age=0"));
  }

  @Test
  void doesNotTakeAnAnswerToAnotherQuestion() throws Exception {
    var mine = get("/auth/login");
    var foreign = get("/auth/login");
    var answer = HTTP.send(request(location(foreign)).build(), text());

    var mixed = get(path(location(answer)), "Cookie", cookie(mine));
    var without = get(path(location(answer)));
    var otherState =
        get(path(location(answer)).replaceAll("state=[^&]+", "state=x"), "Cookie", cookie(foreign));
    var otherIssuer =
        get(path(location(answer)) + "&iss=https://evil.example.com", "Cookie", cookie(foreign));

    for (var refused : List.of(mixed, without, otherState, otherIssuer)) {
      assertThat(refused.statusCode()).isEqualTo(303);
      assertThat(location(refused)).isEqualTo("/?sign_in=failed");
      assertThat(refused.headers().allValues("set-cookie"))
          .noneMatch(cookie -> cookie.startsWith("penstock-session=ey"));
    }
  }

  @Test
  void leadsNowhereElseAfterSigningIn() throws Exception {
    for (var target :
        List.of("//evil.example.com", "https://evil.example.com/", "/%5Cevil.example.com", "/v1")) {
      var begun = get("/auth/login?return=" + target);
      as("hal");
      var answer = HTTP.send(request(location(begun)).build(), text());
      var back = get(path(location(answer)), "Cookie", cookie(begun));
      assertThat(location(back)).as(target).isEqualTo("/");
    }
  }

  @Test
  void letsProgramsInWithATokenOfTheProvider() throws Exception {
    var token = provider.issueToken(REALM, "ivy", AUDIENCE).serialize();
    var forThePage = provider.issueToken(REALM, "ivy", CLIENT).serialize();
    var ofAnotherRealm = provider.issueToken("farm", "ivy", AUDIENCE).serialize();

    assertThat(post("/v1/sessions", "{}", "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(201);

    assertThat(get("/v1/sessions", "Authorization", "Bearer " + token).body())
        .contains("\"user\":\"ivy\"");
    for (var bad : List.of(forThePage, ofAnotherRealm, token + "x")) {
      var refused = get("/v1/sessions", "Authorization", "Bearer " + bad);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
    }
  }

  /** SSE-22: a position is not a capability. */
  @Test
  void checksAResumeBeforeAnyByteOfIt() throws Exception {
    var mine = "Bearer " + provider.issueToken(REALM, "jo", AUDIENCE).serialize();
    var another = "Bearer " + provider.issueToken(REALM, "kim", AUDIENCE).serialize();
    var session = post("/v1/sessions", "{}", "Authorization", mine);
    var turns = location(session) + "/turns";
    var turn =
        post(turns, "{\"input\":{\"text\":\"[say] Leaves\"}}", "Authorization", mine)
            .body()
            .replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    var events = "/v1/turns/" + turn + "/events";
    var position = turn + ".1.0";

    assertThat(get(events, "Last-Event-ID", position).statusCode()).isEqualTo(401);
    assertThat(get(events, "Last-Event-ID", position, "Authorization", mine + "x").statusCode())
        .isEqualTo(401);
    var foreign = get(events, "Last-Event-ID", position, "Authorization", another);
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).doesNotContain("Leaves");
    assertThat(get(events, "Last-Event-ID", position, "Authorization", mine).body())
        .contains("Leaves");
  }

  private static Conversation signedIn(String person) {
    var tab = browser.tab();
    tab.open(front.address());
    tab.untilShows("#sign-in", "Sign in with Zoo ID");
    as(person);
    click(tab);
    tab.until("document.querySelector('#model')?.options.length > 1");
    return new Conversation(tab);
  }

  private static void click(Tab tab) {
    tab.click("#provider");
  }

  /** Who answers at the provider next. */
  private static void as(String person) {
    provider.enqueueCallback(
        new DefaultOAuth2TokenCallback(REALM, person, "JWT", List.of(CLIENT), Map.of(), 3600));
  }

  /** The gateway's answer to a browser that comes back from the provider. */
  private static HttpResponse<String> signIn(String person) throws Exception {
    var begun = get("/auth/login");
    as(person);
    var answer = HTTP.send(request(location(begun)).build(), text());
    return get(path(location(answer)), "Cookie", cookie(begun));
  }

  /** The cookie that was set last and is not empty. */
  private static String cookie(HttpResponse<String> answer) {
    return answer.headers().allValues("set-cookie").stream()
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .filter(cookie -> !cookie.endsWith("="))
        .findFirst()
        .orElseThrow();
  }

  private static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("location").orElseThrow();
  }

  private static String path(String address) {
    assertThat(address).startsWith(root());
    return address.substring(root().length());
  }

  private static String root() {
    return front.address().replaceAll("/$", "");
  }

  private static HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    return HTTP.send(request(root() + path, headers).build(), text());
  }

  private static HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    return HTTP.send(
        request(root() + path, headers)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        text());
  }

  private static HttpRequest.Builder request(String address, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(address));
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }

  private static HttpResponse.BodyHandler<String> text() {
    return HttpResponse.BodyHandlers.ofString();
  }
}
