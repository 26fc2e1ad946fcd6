package dev.penstock.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.store.FakeSessionService;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of native-api.md section 1: a clear problem, nothing stored, nothing leaked. */
class ErrorsTest {
  private static GatewayFixture gateway;
  private static Client client;
  private static FakeSessionService store;
  private int storedBefore;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    client = gateway.client();
    store = gateway.store;
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void count() {
    storedBefore = store.sessionCount();
  }

  @AfterEach
  void nothingIsStored() {
    store.behaves(null);
    assertThat(store.sessionCount()).isEqualTo(storedBefore);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{                                      | body",
        "[]                                     | body",
        "null                                   | body",
        "{\"title\":1}                          | title",
        "{\"titel\":\"x\"}                      | titel",
        "{\"user\":\" \"}                       | user",
        "{\"user\":\"a\\u0007b\"}               | user",
        "{\"user\":\"a\\u0000b\"}               | user",
        "{\"model\":\"\"}                       | model",
        "{\"options\":[]}                       | options",
        "{\"options\":{\"temperature\":2.01}}   | options.temperature",
        "{\"options\":{\"temperature\":\"1\"}}  | options.temperature",
        "{\"options\":{\"top_p\":-0.1}}         | options.top_p",
        "{\"options\":{\"top_k\":0}}            | options.top_k",
        "{\"options\":{\"top_k\":1.5}}          | options.top_k",
        "{\"options\":{\"max_tokens\":0}}       | options.max_tokens",
        "{\"options\":{\"seed\":9223372036854775808}} | options.seed",
        "{\"options\":{\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}} | options.stop",
        "{\"options\":{\"stop\":[\"\"]}}        | options.stop",
        "{\"options\":{\"think\":\"much\"}}     | options.think",
        "{\"options\":{\"min_p\":0.1}}          | options.min_p",
        "{\"metadata\":{\"a\":1}}               | metadata.a",
        "{\"title\":\"a\",\"title\":\"b\"}      | body",
        "{\"title\":\"a\"} {}                   | body",
        "{\"title\":1e999}                      | title",
      })
  void namesTheMemberThatIsWrong(String body, String field) {
    var refused = client.post("/v1/sessions", body);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_request");
    assertThat(refused.error().path("field").asText()).isEqualTo(field.strip());
    assertThat(refused.error().path("expected").asText()).isNotBlank();
  }

  @Test
  void namesEveryMemberThatIsWrong() {
    var refused =
        client.post("/v1/sessions", "{\"title\":1,\"agnet\":\"x\",\"options\":{\"top_k\":0}}");

    assertThat(refused.json().get("errors")).hasSize(3);
    assertThat(refused.json().get("detail").asText()).contains("title");
  }

  @Test
  void countsCharactersAsCodePoints() {
    assertThat(client.post("/v1/sessions", title("🐼".repeat(201))).status()).isEqualTo(400);
    assertThat(client.post("/v1/sessions", metadata(17)).status()).isEqualTo(400);
    assertThat(
            client
                .post("/v1/sessions", "{\"instruction\":\"%s\"}".formatted("é".repeat(16_385)))
                .status())
        .isEqualTo(400);
    assertThat(client.post("/v1/sessions", title("🐼".repeat(200))).status()).isEqualTo(201);
    storedBefore++;
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/sessions?limit=0, limit",
    "/v1/sessions?limit=101, limit",
    "/v1/sessions?limit=ten, limit",
    "/v1/sessions?limit=, limit",
    "/v1/sessions?limit=5&limit=6, limit",
    "/v1/sessions?lmit=5, lmit",
    "/v1/sessions?order=asc, order",
    "/v1/sessions?after=, after",
    "/v1/sessions?after=forged, after",
    "/v1/sessions?user=%ff, query",
    "/v1/sessions?user=%e4%2, query",
    "/v1/agents?x=1, x",
    "/v1/sessions/0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f/messages?order=up, order",
    "/v1/sessions/0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f?x=1, x",
    "/v1/sessions/0199C1E2-7b1a-7c3e-9f42-5a8b6d1c2e3f, session",
    "/v1/sessions/199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f, session",
    "/v1/sessions/nonsense/export, session",
  })
  void namesTheParameterThatIsWrong(String target, String field) {
    var refused = RawSocket.ask(gateway.port(), request("GET", target, ""));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_request");
    assertThat(refused.json().at("/errors/0/field").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({"If-None-Match, 3", "If-None-Match, \"3", "Idempotency-Key, two words"})
  void namesTheHeaderThatIsWrong(String header, String value) {
    var create = header.equals("Idempotency-Key");
    var refused =
        client.call(
            create ? "POST" : "GET",
            create ? "/v1/sessions" : "/v1/sessions/" + UUID.randomUUID(),
            null,
            header,
            value);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("field").asText()).isEqualTo(header);
  }

  @Test
  void saysTheSameOfWhatIsUnknownAndWhatIsAnothers() {
    var one = client.get("/v1/sessions/" + UUID.randomUUID()).json();
    var other = client.get("/v1/sessions/" + UUID.randomUUID()).json();

    assertThat(one.get("code").asText()).isEqualTo("not_found");
    assertThat(one.get("detail")).isEqualTo(other.get("detail"));
  }

  @Test
  void saysThatAPathIsUnknownInOpenAisFormToo() {
    var native404 = client.get("/v1/embeddings2");
    var outside = client.get("/v2/sessions");

    assertThat(native404.status()).isEqualTo(404);
    assertThat(native404.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(native404.code()).isEqualTo("not_found");
    assertThat(native404.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(native404.json().at("/error/message").asText()).isNotBlank();
    assertThat(outside.json().has("error")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /x, 404",
    "GET, /v1, 404",
    "GET, /v1/, 404",
    "GET, /V1/sessions, 404",
    "GET, /v2/sessions, 404",
    "GET, /metrics, 404",
    "GET, /favicon.ico, 404",
    "GET, /docs/none.js, 404",
    "GET, /docs/none.js/, 404",
    "GET, /assets, 404",
    "GET, /assets/, 404",
    "GET, /assets/none.js, 404",
    "HEAD, /assets/none.js, 404",
    "POST, /assets/none.js, 405",
    "GET, /health/x, 404",
    "GET, /health%00, 404",
    "GET, /health%zz, 400",
    "GET, /v1/sessions/%e4%2, 400",
    "GET, /v1/models/%zz, 400",
    "POST, /v1/chat/completions%zz, 400",
    "POST, /, 405",
    "DELETE, /docs, 405",
    "TRACE, /health, 405",
    "BREW, /v1/sessions, 405",
    "BREW, /x, 404",
    "OPTIONS, *, 404",
    "GET, health, 404",
    "HEAD, /x, 404",
    "HEAD, /v1/turns/0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f/events, 405",
  })
  void neverAnswersInTheRoutersOwnForm(String method, String target, int status) {
    for (var accept : List.of("text/html", "*/*")) {
      var refused =
          RawSocket.ask(
              gateway.port(),
              request(method, target, "Accept: " + accept + "\r\n"),
              method.equals("HEAD"));

      assertThat(refused.status()).isEqualTo(status);
      assertThat(refused.headers()).containsEntry("Content-Type", "application/problem+json");
      assertThat(refused.headers().get("X-Request-Id")).hasSize(36);
      if (!method.equals("HEAD")) {
        assertThat(refused.json().get("request_id").asText())
            .isEqualTo(refused.headers().get("X-Request-Id"));
        assertThat(refused.json().has("error"))
            .isEqualTo(
                target.startsWith("/v1/models") || (status == 404 && target.startsWith("/v1")));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/agents", "/health", "/docs", "/openapi.json", "/v1/models"})
  void takesAPathWithASlashAtItsEndForTheSame(String path) {
    var plain = client.get(path);
    var slashed = RawSocket.ask(gateway.port(), request("GET", path + "/", ""));

    assertThat(slashed.status()).isEqualTo(200);
    assertThat(slashed.body()).isEqualTo(plain.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT    | /v1/sessions | GET, HEAD, POST",
        "DELETE | /v1/sessions | GET, HEAD, POST",
        "POST   | /v1/sessions/0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f | DELETE, GET, HEAD, PATCH",
        "OPTIONS | /v1/agents | GET, HEAD",
        "POST   | /v1/models/gemma3:270m | GET, HEAD",
        "DELETE | /health | GET, HEAD",
      })
  void namesTheMethodsThatAreAllowed(String method, String path, String allowed) {
    var refused = client.call(method, path, null);

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.code()).isEqualTo("method_not_allowed");
    assertThat(refused.header("Allow")).isEqualTo(allowed);
  }

  @Test
  void refusesToAnswerInAFormItDoesNotHave() {
    var refused = client.get("/v1/sessions", "Accept", "text/csv, application/json;q=0");

    assertThat(refused.status()).isEqualTo(406);
    assertThat(refused.code()).isEqualTo("not_acceptable");
    assertThat(client.get("/v1/sessions", "Accept", "text/html, */*;q=0.1").status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/merge-patch+json",
      })
  void refusesBodiesThatAreNoJson(String mediaType) {
    var refused = client.post("/v1/sessions", "{}", "Content-Type", mediaType);

    assertThat(refused.status()).isEqualTo(415);
    assertThat(refused.code()).isEqualTo("unsupported_media_type");
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureCode.class,
      names = {"RATE_LIMITED", "QUEUE_FULL", "STORE_UNAVAILABLE", "DRAINING", "NO_CAPACITY"})
  void saysWhenToTryAgain(FailureCode code) {
    store.behaves(request -> FakeSessionService.refuse(request, code));

    var refused = client.post("/v1/sessions", "{}");

    assertThat(refused.status()).isEqualTo(code.status());
    assertThat(refused.code()).isEqualTo(code.wire());
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"not json at all", "{\"data\":7}", ""})
  void tellsNothingOfWhatBrokeInside(String nonsense) {
    store.behaves(request -> request.response().end(nonsense));

    var broken = client.get("/v1/sessions");

    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.code()).isEqualTo("internal");
    assertThat(broken.body()).doesNotContain("Exception", "jackson", "127.0.0.1", "data");
    assertThat(broken.json().get("request_id").asText()).isEqualTo(broken.header("X-Request-Id"));
  }

  @Test
  void tellsNothingOfTheServerThatDidNotAnswer() {
    store.behaves(request -> request.connection().close());

    var broken = client.post("/v1/sessions", "{}");

    assertThat(broken.status()).isEqualTo(503);
    assertThat(broken.code()).isEqualTo("store_unavailable");
    assertThat(broken.body()).doesNotContain("127.0.0.1", "Exception", "losed");
  }

  @Test
  void tellsNothingOfAStoreThatSpeaksAnotherLanguage() {
    store.behaves(
        request ->
            request
                .response()
                .setStatusCode(500)
                .end("ERROR: relation \"session\" does not exist"));

    var broken = client.get("/v1/sessions/" + UUID.randomUUID());

    assertThat(broken.status()).isEqualTo(503);
    assertThat(broken.body()).doesNotContain("relation");
  }

  @Test
  void keepsAWellFormedRequestIdAndReplacesAnyOther() {
    var longest = "x".repeat(128);

    assertThat(client.get("/v1/agents", "X-Request-Id", longest).header("X-Request-Id"))
        .isEqualTo(longest);
    assertThat(client.get("/v1/agents", "X-Request-Id", longest + "x").header("X-Request-Id"))
        .hasSize(36);
    assertThat(client.get("/v1/nope").header("X-Request-Id")).hasSize(36);
  }

  @Test
  void answersHeadAsGetWithoutTheBody() {
    var get = client.get("/v1/agents");
    var head = client.call("HEAD", "/v1/agents", null);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
    assertThat(client.call("HEAD", "/v1/sessions/x", null).status()).isEqualTo(400);
    assertThat(client.call("HEAD", "/v1/chat/completions", null).status()).isEqualTo(405);
  }

  @Test
  void sendsEveryAnswerAsDataThatIsNeverADocument() {
    for (var path : new String[] {"/v1/agents", "/v1/nope", "/health", "/v1/sessions?x=1"}) {
      var headers = client.get(path).headers();

      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'");
      assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(headers.firstValue("Server")).isEmpty();
    }
  }

  @Test
  void neverAsksTheStoreForWhatItRefuses() {
    var before = store.asked().size();

    client.post("/v1/sessions", "{\"x\":1}");
    client.get("/v1/sessions?limit=0");
    client.call("PUT", "/v1/sessions", "{}");

    assertThat(store.asked()).hasSize(before);
    assertThat(store.asked()).noneMatch(asked -> asked.method().equals(HttpMethod.PUT));
  }

  static String request(String method, String target, String headers) {
    return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
  }

  private static String title(String title) {
    return "{\"title\":\"" + title + "\"}";
  }

  private static String metadata(int pairs) {
    var metadata = new java.util.TreeMap<String, String>();
    for (var i = 0; i < pairs; i++) {
      metadata.put("k" + i, "v");
    }
    return dev.penstock.contracts.wire.Wire.text(Map.of("metadata", metadata));
  }
}
