package dev.penstock.gateway.adk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no session: errors, lists, stubs and ADK Web (adk-api.md sections 1, 2, 6 and 7). */
class AdkRoutesTest {
  private static final String S = "/apps/a.b/users/u/sessions";
  private static GatewayFixture gateway;
  private static GatewayFixture withDefault;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture(Map.of("GEMMA_MODEL_NAME", "gemma3:4b"));
    withDefault =
        new GatewayFixture(
            Map.of(
                "GEMMA_MODEL_NAME",
                "gemma3:4b",
                "ADK_DEFAULT_APP_NAME",
                "production_agent",
                "PENSTOCK_ADK_AUTO_CREATE_SESSION",
                "true"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    withDefault.close();
  }

  @AfterEach
  void asUsual() {
    gateway.store.behaves(null);
    withDefault.store.behaves(null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /list-apps?relative_path=./            | ["production_agent"]
          GET    | /config/telemetry                      | {"telemetry":false}
          GET    | /dev-ui/config                         | {"logo_text":null,"logo_image_url":null}
          GET    | /dev-ui/assets/config/runtime-config.json | {"backendUrl":"","telemetry":false}
          GET    | /dev/apps/x/debug/trace/session/s      | []
          GET    | /debug/trace/session/s                 | []
          GET    | /dev/apps/x/build_graph                | {}
          GET    | /dev/apps/x/build_graph_image?dark_mode=true&node= | {}
          GET    | /dev/build_graph/x                     | {}
          GET    | /dev/build_graph_image/x?dark_mode=true | {}
          GET    | /dev/apps/x/eval_sets                  | []
          GET    | /dev/apps/x/eval_results               | []
          GET    | /apps/x/eval_sets                      | []
          GET    | /apps/x/eval_results                   | []
          GET    | /dev/apps/x/metrics-info               | {"metricsInfo":[]}
          GET    | /apps/x/metrics-info                   | {"metricsInfo":[]}
          GET    | /dev/apps/x/builder?ts=1&tmp=true      | ''
          GET    | /builder/app/x?ts=1                    | ''
          GET    | /apps/a/users/b/sessions/c/artifacts   | []
          GET    | /apps/a/users/b/sessions/c/artifacts/d/e.txt/versions | []
          GET    | /apps/a/users/b/sessions/c/artifacts/d/versions/metadata | []
          DELETE | /apps/a/users/b/sessions/c/artifacts/d%2Fe | null
          DELETE | /apps/a/users/b/sessions/unknown       | null
          """)
  void answersWhatThePageAsksFor(String method, String path, String body) {
    var answer = client().call(method, path, null);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /apps/nothing/here                     |      | 404 | Not Found
          GET    | /dev/apps/x/tests                      |      | 404 | Not Found
          POST   | /dev/apps/x/eval_sets/a/run            | {}   | 404 | Not Found
          GET    | /users/u/sessions                      |      | 404 | Not Found
          GET    | /run_live                              |      | 404 | Not Found
          GET    | /run                                   |      | 405 | Method Not Allowed
          GET    | /apps/a/users/b/sessions/c             |      | 404 | Session not found
          PATCH  | /apps/a/users/b/sessions/c             | {"state_delta":{}} | 404 | Session not found
          POST   | /apps/a/users/b/sessions/c:cancel      |      | 404 | No active run found for session 'c'
          GET    | /debug/trace/x                         |      | 404 | Trace not found
          GET    | /dev/apps/x/debug/trace/y              |      | 404 | Trace not found
          GET    | /apps/unknown/app-info                 |      | 404 | Agent not found: 'unknown'. See /list-apps.
          GET    | /apps/__x/app-info                     |      | 403 | App names that begin with __ are internal.
          PATCH  | /apps/a/users/b/memory                 | {}   | 400 | Memory service is not configured.
          POST   | /config/telemetry                      | {"telemetry":true} | 400 | X-ADK-Telemetry-Request is missing.
          POST   | /apps/a/users/b/sessions/c/artifacts   | {}   | 400 | Artifacts are not kept here.
          GET    | /apps/a/users/b/sessions/c/artifacts/d%2Fe | | 404 | Artifact not found
          GET    | /apps/a/users/b/sessions/c/artifacts/d/e/versions/latest | | 404 | Artifact not found
          GET    | /apps/a/users/b/sessions/c/artifacts/d/versions/7/metadata | | 404 | Artifact version not found
          GET    | /apps/a/users/b/sessions/c/artifacts/d/versions/new | | 422 | Invalid version ID
          GET    | /dev-ui/nothing.js                     |      | 404 | Not Found
          GET    | /dev-ui/assets                         |      | 404 | Not Found
          """)
  void saysWhatIsWrongInADetail(
      String method, String path, String body, int status, String detail) {
    var answer = client().call(method, path, body);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().get("detail").asText()).isEqualTo(detail);
  }

  @Test
  void aRunNeedsAKnownAppAndASession() {
    var body =
        "{\"app_name\":\"%s\",\"user_id\":\"u\",\"session_id\":\"s\",\"new_message\":{\"parts\":[{\"text\":\"a\"}]}}";

    for (var path : List.of("/run", "/run_sse")) {
      var unknown = client().post(path, body.formatted("nobody"));
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.json().get("detail").asText()).contains("'nobody'");
      var missing = client().post(path, body.formatted("production_agent"));
      assertThat(missing.status()).isEqualTo(404);
      assertThat(missing.json().get("detail").asText()).isEqualTo("Session not found");
      assertThat(client().post(path, "{nonsense").json().at("/detail/0/type").asText())
          .isEqualTo("json_invalid");
      assertThat(client().post(path, " ".repeat(1_048_577)).status()).isEqualTo(413);
    }
  }

  @Test
  void aPatchNeedsItsDelta() {
    var answer = client().patch(S + "/s", "{}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"stateDelta\"]");
  }

  @Test
  void anUnreachableStoreIsAnOverloadThatPasses() {
    gateway.store.behaves(request -> request.response().setStatusCode(503).end("{}"));

    var answer = client().get(S);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isNotEmpty();
    assertThat(answer.json().get("detail").asText()).isNotBlank();
  }

  @Test
  void idsAreOpaqueTextsOnTheirWayToTheStore() {
    client().get("/apps/a.b/users/%C3%BC%20%2F/sessions/s%3F%26");

    assertThat(gateway.store.lastAsked().uri())
        .isEqualTo("/agent-sessions/one?app=a.b&user=%C3%BC+%2F&id=s%3F%26&entries=true");
  }

  @Test
  void listsTheAppsInDetail() {
    var apps = client().get("/list-apps?detailed=true").json().get("apps");

    assertThat(apps).hasSize(1);
    assertThat(client().get("/apps/production_agent/app-info").json().get("rootAgentName"))
        .isEqualTo(apps.get(0).get("name"));
    assertThat(client().get("/version").json().get("language").asText()).isEqualTo("java");
  }

  @Test
  void telemetryStaysOffWhateverIsAskedFor() {
    var answer =
        client()
            .post("/config/telemetry", "{\"telemetry\":true}", "X-ADK-Telemetry-Request", "true");

    assertThat(answer.json().get("telemetry").asBoolean()).isFalse();
  }

  @Test
  void servesAdkWebBelowItsSlash() {
    var redirect = client().get("/dev-ui?app=a");
    assertThat(redirect.status()).isEqualTo(307);
    assertThat(redirect.header("location")).isEqualTo("/dev-ui/?app=a");
    var page = client().get("/dev-ui/");
    assertThat(page.body()).contains("<base href=\"./\">");
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    var script = page.body().replaceFirst("(?s).*src=\"\\./(main-\\w+\\.js)\".*", "$1");
    var file = client().get("/dev-ui/" + script);
    assertThat(file.header("content-type")).startsWith("text/javascript");
    assertThat(file.header("cache-control")).contains("immutable");
    assertThat(
            client().get("/dev-ui/" + script, "Accept-Encoding", "gzip").header("content-encoding"))
        .isEqualTo("gzip");
  }

  @Test
  void aConfiguredAppStandsInWhereNoneIsNamed() {
    withDefault.store.behaves(
        request -> request.response().end(Wire.encode(new AgentSession.Page(List.of()))));

    assertThat(withDefault.client().get("/users/u/sessions").body()).isEqualTo("[]");
    assertThat(withDefault.store.lastAsked().uri()).contains("app=production_agent");
    assertThat(withDefault.client().get("/app-info").json().get("name").asText())
        .isEqualTo("production_agent");
  }

  @Test
  void aMissingSessionIsCreatedWhereThatIsConfigured() {
    withDefault
        .client()
        .post(
            "/run",
            "{\"user_id\":\"u\",\"session_id\":\"s\",\"new_message\":{\"parts\":[{\"text\":\"a\"}]}}");

    assertThat(withDefault.store.lastAsked().method().name()).isEqualTo("POST");
    assertThat(withDefault.store.lastAsked().json().at("/key/app").asText())
        .isEqualTo("production_agent");
  }

  private static Client client() {
    return gateway.client();
  }
}
