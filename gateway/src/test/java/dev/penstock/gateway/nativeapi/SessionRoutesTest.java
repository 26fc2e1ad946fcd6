package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.store.FakeSessionService;
import java.util.ArrayList;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** native-api.md section 2, over HTTP. */
class SessionRoutesTest {
  private static GatewayFixture gateway;
  private static Client client;
  private static FakeSessionService store;

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

  @Test
  void createsASessionAndSaysWhereItIs() {
    var created =
        client.post(
            "/v1/sessions",
            """
            {"title":"Red pandas","user":"ada","instruction":"Be brief.","agent":"production_agent",
             "model":"gemma3:270m","options":{"temperature":0.5,"think":"low"},
             "metadata":{"ticket":"17"}}""");

    assertThat(created.status()).isEqualTo(201);
    var session = created.json();
    assertThat(created.header("Location")).isEqualTo("/v1/sessions/" + id(session));
    assertThat(created.header("ETag")).isEqualTo("\"1\"");
    assertThat(created.headers().firstValue("Idempotency-Replayed")).isEmpty();
    assertThat(session.get("title").asText()).isEqualTo("Red pandas");
    assertThat(session.get("options").toString())
        .isEqualTo("{\"temperature\":0.5,\"think\":\"low\"}");
    assertThat(session.get("metadata").toString()).isEqualTo("{\"ticket\":\"17\"}");
    assertThat(session.get("active_turn_id").isNull()).isTrue();
    assertThat(session.get("created_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  }

  @Test
  void takesAnEmptyBodyForAnEmptyObject() {
    var created = client.call("POST", "/v1/sessions", null);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().get("title").isNull()).isTrue();
  }

  @Test
  void attachesARepeatedKeyToTheSessionItMade() {
    var body = "{\"title\":\"once\",\"options\":{\"top_k\":5}}";
    var first = client.post("/v1/sessions", body, "Idempotency-Key", "k-1");
    var again =
        client.post(
            "/v1/sessions",
            "{ \"options\": {\"top_k\": 5.0}, \"title\": \"\\u006fnce\" }",
            "Idempotency-Key",
            "k-1");
    var other = client.post("/v1/sessions", "{\"title\":\"twice\"}", "Idempotency-Key", "k-1");

    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void listsSessionsPageByPageByLatestActivity() {
    for (var i = 0; i < 5; i++) {
      client.post("/v1/sessions", "{\"user\":\"pager\",\"title\":\"" + i + "\"}");
    }

    var titles = new ArrayList<String>();
    var path = "/v1/sessions?user=pager&limit=2";
    JsonNode page = client.get(path).json();
    page.get("data").forEach(each -> titles.add(each.get("title").asText()));
    while (!page.get("next_cursor").isNull()) {
      page = client.get(path + "&after=" + page.get("next_cursor").asText()).json();
      page.get("data").forEach(each -> titles.add(each.get("title").asText()));
    }

    assertThat(titles).containsExactly("4", "3", "2", "1", "0");
  }

  @Test
  void readsASessionAndSaysSoWhereTheClientHasIt() {
    var session = store.add("known");

    var read = client.get("/v1/sessions/" + session.id());
    var unchanged = client.get("/v1/sessions/" + session.id(), "If-None-Match", "\"9\", W/\"1\"");
    var changed = client.get("/v1/sessions/" + session.id(), "If-None-Match", "\"9\"");

    assertThat(read.status()).isEqualTo(200);
    assertThat(read.header("ETag")).isEqualTo("\"1\"");
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.header("ETag")).isEqualTo("\"1\"");
    assertThat(unchanged.body()).isEmpty();
    assertThat(changed.status()).isEqualTo(200);
  }

  @Test
  void changesASessionByMergePatch() {
    var session = store.add("before");

    var patched =
        client.patch(
            "/v1/sessions/" + session.id(),
            "{\"title\":\"after\",\"instruction\":null,\"metadata\":{\"a\":\"b\",\"c\":null}}",
            "Content-Type",
            "application/merge-patch+json");

    assertThat(patched.status()).isEqualTo(200);
    assertThat(patched.json().get("title").asText()).isEqualTo("after");
    assertThat(patched.header("ETag")).isEqualTo("\"2\"");
    assertThat(store.lastAsked().json().toString())
        .isEqualTo(
            "{\"title\":\"after\",\"instruction\":null,\"metadata\":{\"a\":\"b\",\"c\":null}}");
  }

  @Test
  void changesOnlyTheVersionTheClientHasSeen() {
    var path = "/v1/sessions/" + store.add("raced").id();

    var stale = client.patch(path, "{\"title\":\"x\"}", "If-Match", "\"7\"");
    var weak = client.patch(path, "{\"title\":\"x\"}", "If-Match", "W/\"1\"");
    var oneOfTwo = client.patch(path, "{\"title\":\"y\"}", "If-Match", "\"7\", \"1\"");
    var any = client.patch(path, "{\"title\":\"z\"}", "If-Match", "*");

    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.code()).isEqualTo("version_mismatch");
    assertThat(weak.status()).isEqualTo(412);
    assertThat(oneOfTwo.status()).isEqualTo(200);
    assertThat(any.status()).isEqualTo(200);
  }

  @Test
  void deletesASession() {
    var path = "/v1/sessions/" + store.add("gone").id();

    var deleted = client.delete(path);

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    assertThat(client.get(path).status()).isEqualTo(404);
  }

  @Test
  void asksTheStoreForTheCallersTenantOnly() {
    client.get("/v1/sessions/" + UUID.randomUUID());

    assertThat(store.lastAsked().headers().get("Penstock-Tenant")).isEqualTo("default");
    assertThat(store.lastAsked().headers().contains("Penstock-User")).isFalse();
  }

  @Test
  void refusesModelsAndAgentsThatDoNotExist() {
    var before = store.sessionCount();

    var model = client.post("/v1/sessions", "{\"model\":\"gemma-nope\"}");
    var agent = client.post("/v1/sessions", "{\"agent\":\"nobody\"}");

    assertThat(model.status()).isEqualTo(404);
    assertThat(model.code()).isEqualTo("model_not_found");
    assertThat(agent.code()).isEqualTo("agent_not_found");
    assertThat(store.sessionCount()).isEqualTo(before);
  }

  private static String id(JsonNode session) {
    return session.get("id").asText();
  }
}
