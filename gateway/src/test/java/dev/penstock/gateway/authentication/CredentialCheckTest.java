package dev.penstock.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.Scope;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.edge.RawSocket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in by a key, how far, and what everybody else is told. */
class CredentialCheckTest {
  private static final String GEMMA = "gemma3:270m";
  private static final String OTHER = "library/gemma4:e2b";
  private static final String CHAT =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String CONTENTS = "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}";
  private static final MadeKey KEY = MadeKey.of("acme");

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(MadeKey.SETTINGS, List.of(KEY));
  }

  @BeforeEach
  void answer() {
    gateway.proxy.answers(asked -> asked.says("Hello").finishes());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET  | /v1/sessions             | 401 | \"code\":\"unauthenticated\"",
        "POST | /v1/chat/completions     | 401 | \"code\":\"invalid_api_key\"",
        "GET  | /v1/models               | 401 | \"code\":\"invalid_api_key\"",
        "POST | /v1/responses            | 401 | \"code\":\"invalid_api_key\"",
        "POST | /api/chat                | 401 | {\"error\":\"Send a valid key or token",
        "GET  | /api/tags                | 401 | {\"error\":\"Send a valid key or token",
        "GET  | /list-apps               | 401 | {\"detail\":\"Send a valid key or token",
        "POST | /run_sse                 | 401 | {\"detail\":\"Send a valid key or token",
        "GET  | /v1beta/models           | 403 | \"status\":\"PERMISSION_DENIED\"",
        "POST | /v1beta/models/m:generateContent | 403 | \"status\":\"PERMISSION_DENIED\"",
      })
  void turnsAStrangerAwayInTheDialectsWords(String method, String path, int status, String words) {
    var answer =
        gateway.client().call(method, path, method.equals("POST") ? "{\"not\":\"read\"}" : null);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
    assertThat(answer.header("WWW-Authenticate"))
        .isEqualTo(path.startsWith("/v1beta") ? "" : "Bearer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/health", "/livez", "/readyz", "/docs", "/openapi.json", "/dev-ui/"})
  void keepsOpenWhatTellsNothingOfAnybody(String path) {
    assertThat(gateway.client().get(path).status()).isEqualTo(200);
  }

  @Test
  void takesAKeyWhereEachDialectsClientsSendIt() {
    var client = gateway.client();
    var google = new String[] {"x-goog-api-key", KEY.text()};

    assertThat(client.get("/v1/sessions", KEY.bearer()).status()).isEqualTo(200);
    assertThat(client.post("/v1/chat/completions", CHAT.formatted(GEMMA), KEY.bearer()).status())
        .isEqualTo(200);
    assertThat(client.get("/api/tags", KEY.bearer()).status()).isEqualTo(200);
    assertThat(client.get("/list-apps", KEY.bearer()).status()).isEqualTo(200);
    assertThat(client.get("/v1beta/models", google).status()).isEqualTo(200);
    assertThat(client.get("/v1beta/models", KEY.bearer()).status()).isEqualTo(200);
    assertThat(ask("GET /v1beta/models?key=" + KEY.text()).status()).isEqualTo(200);
    assertThat(ask("GET /v1/models?pageSize=1&%6bey=" + KEY.text()).status()).isEqualTo(200);
    assertThat(ask("GET /k/" + KEY.text() + "/api/tags").status()).isEqualTo(200);
    assertThat(ask("HEAD /k/" + KEY.text() + "/").status()).isEqualTo(200);
  }

  /** gemini-api.md section 2: a platform's own token may stand beside the key. */
  @Test
  void takesAGeminiKeyBesideATokenOfThePlatform() {
    var answer =
        gateway
            .client()
            .post(
                "/v1beta/models/" + GEMMA + ":generateContent",
                CONTENTS,
                "x-goog-api-key",
                KEY.text(),
                "Authorization",
                "Bearer eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJwbGF0Zm9ybSJ9.c2ln");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("Hello");
  }

  @Test
  void saysWhatGeminiClientsExpectOfAWrongKeyAndOfAWrongToken() {
    var key = gateway.client().get("/v1beta/models", "x-goog-api-key", "AIzaWrong");
    var token = gateway.client().get("/v1beta/models", "Authorization", "Bearer wrong");

    assertThat(key.status()).isEqualTo(400);
    assertThat(key.json().at("/error/details/0/reason").asText()).isEqualTo("API_KEY_INVALID");
    assertThat(key.json().at("/error/details/0/domain").asText()).isEqualTo("googleapis.com");
    assertThat(token.status()).isEqualTo(401);
    assertThat(token.json().at("/error/status").asText()).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void takesAKeyInAnAddressOnlyWhereItBelongs() {
    assertThat(ask("GET /v1/sessions?key=" + KEY.text()).status()).isEqualTo(401);
    assertThat(ask("GET /api/tags?key=" + KEY.text()).status()).isEqualTo(401);
    assertThat(ask("GET /k/" + KEY.text() + "/v1/sessions").status()).isEqualTo(404);
    assertThat(ask("GET /v1/" + KEY.text() + "/sessions").status()).isEqualTo(404);
  }

  /** A route's scopes; a turn needs those of both sides. */
  @Test
  void opensTheRoutesOfItsScopesOnly() {
    var chat = known(MadeKey.of("acme").scoped(Scope.CHAT));
    var sessions = known(MadeKey.of("acme").scoped(Scope.SESSIONS));
    var client = gateway.client();
    var completion = CHAT.formatted(GEMMA);
    var stored = "{\"model\":\"" + GEMMA + "\",\"input\":\"Hi\"}";
    var unstored = "{\"model\":\"" + GEMMA + "\",\"input\":\"Hi\",\"store\":false}";
    var turns = "/v1/sessions/" + gateway.store.add("x").id() + "/turns";

    assertThat(client.post("/v1/chat/completions", completion, chat.bearer()).status())
        .isEqualTo(200);
    assertThat(client.get("/v1/sessions", chat.bearer()).status()).isEqualTo(403);
    assertThat(client.post("/v1/responses", unstored, chat.bearer()).status()).isEqualTo(200);
    assertThat(client.post("/v1/responses", stored, chat.bearer()).status()).isEqualTo(403);
    assertThat(client.get("/v1/sessions", sessions.bearer()).status()).isEqualTo(200);
    assertThat(client.post(turns, "{\"input\":{\"text\":\"Hi\"}}", sessions.bearer()).code())
        .isEqualTo("forbidden");
    assertThat(client.post("/api/chat", completion, sessions.bearer()).body())
        .isEqualTo("{\"error\":\"The credential lacks the scope chat.\"}");
    assertThat(client.post("/run", "{}", chat.bearer()).body())
        .isEqualTo("{\"detail\":\"The credential lacks the scope sessions.\"}");
    assertThat(client.get("/v1beta/models", sessions.bearer()).body())
        .contains("PERMISSION_DENIED");
  }

  /** A model that may not be asked is like one that nobody serves, in lists and in requests. */
  @Test
  void showsAndAsksTheListedModelsOnly() {
    var key = known(MadeKey.of("acme").forModels(GEMMA));
    var client = gateway.client();

    assertThat(client.get("/v1/models", key.bearer()).body()).contains(GEMMA).doesNotContain(OTHER);
    assertThat(client.get("/v1beta/models", key.bearer()).body()).doesNotContain(OTHER);
    assertThat(client.get("/api/tags", key.bearer()).body()).doesNotContain(OTHER);
    assertThat(client.get("/v1/models/" + OTHER, key.bearer()).status()).isEqualTo(404);
    for (var path : List.of("/v1/chat/completions", "/api/chat", "/api/embed", "/v1/embeddings")) {
      var forbidden = client.post(path, asking(path, OTHER), key.bearer());
      var unknown = client.post(path, asking(path, "nobodys"), key.bearer());
      assertThat(forbidden.status()).as(path).isEqualTo(404);
      assertThat(forbidden.body().replace(OTHER, "x"))
          .isEqualTo(unknown.body().replace("nobodys", "x"));
    }
    var gemini = "/v1beta/models/" + OTHER.replace("/", "%2F") + ":generateContent";
    assertThat(client.post(gemini, CONTENTS, key.bearer()).status()).isEqualTo(404);
    assertThat(client.post("/v1/sessions", "{\"model\":\"" + OTHER + "\"}", key.bearer()).code())
        .isEqualTo("model_not_found");
    assertThat(client.post("/v1/chat/completions", CHAT.formatted(GEMMA), key.bearer()).status())
        .isEqualTo(200);
  }

  @Test
  void tellsTheStoreWhoseARequestIs() {
    var key = known(MadeKey.of("acme").forPerson("ann"));

    gateway.client().get("/v1/sessions", key.bearer());

    var headers = gateway.store.lastAsked().headers();
    assertThat(headers.get("Penstock-Tenant")).isEqualTo("acme");
    assertThat(headers.get("Penstock-User")).isEqualTo("ann");
  }

  @Test
  void refusesKeysThatAreRevokedOrExpired() {
    var revoked = known(MadeKey.of("acme").revoked());
    var expired = known(MadeKey.of("acme").expiring(Instant.now().minusSeconds(1)));

    assertThat(gateway.client().get("/v1/sessions", revoked.bearer()).status()).isEqualTo(401);
    assertThat(gateway.client().get("/v1/sessions", expired.bearer()).status()).isEqualTo(401);
  }

  private static MadeKey known(MadeKey key) {
    gateway.store.keeps(key.stored());
    return key;
  }

  private static String asking(String path, String model) {
    return path.endsWith("chat") || path.endsWith("completions")
        ? CHAT.formatted(model)
        : "{\"model\":\"" + model + "\",\"input\":\"Hi\"}";
  }

  private static RawSocket.Answer ask(String line) {
    return RawSocket.ask(
        gateway.port(), line + " HTTP/1.1\r\nHost: localhost\r\n\r\n", line.startsWith("HEAD"));
  }
}
