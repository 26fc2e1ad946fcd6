package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ADK's API on two gateways over one database (adk-api.md). Every exchange of {@link ChatClient} is
 * held against the OpenAPI document, whose events and sessions have no member that ADK does not
 * know.
 */
class AdkIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String AGENTS =
      """
      agents:
        - {name: breaks.midway, description: "", instruction: Be kind., model: "gemma3:4b"}
        - {name: breaks.at-once, description: "", instruction: Be kind., model: "gemma4:e2b"}
      """;
  private static final String FAULTS =
      """
      [{"kind":"error","after_tokens":20,"model":"gemma3:4b"},
       {"kind":"error","after_tokens":0,"model":"gemma4:e2b"}]
      """;

  private static Cluster cluster;

  private final String user = "user_" + UUID.randomUUID();
  private final String sessions = "/apps/production_agent/users/" + user + "/sessions";

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    var config = Files.writeString(folder.resolve("penstock.yaml"), AGENTS);
    cluster =
        Cluster.start(
            Cluster.Shape.TWO_OF_EACH
                .with("PENSTOCK_CONFIG", config.toString())
                .with("SIMULATOR_FAULTS", FAULTS)
                .with("PENSTOCK_ADK_DISCONNECT_GRACE_MS", "300"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Section 10: what the load tests that people run against ADK do. */
  @Test
  void aLoadTestsFlowPasses() {
    var client = cluster.client(0);

    var created =
        client.call(
            "POST", sessions + "/session_1", "{\"state\":{\"user_type\":\"elastic_user\"}}");
    var run =
        client.call(
            "POST",
            "/run",
            """
            {"app_name":"production_agent","user_id":"%s","session_id":"session_1",
             "new_message":{"role":"user","parts":[{"text":"[tokens=9] Hello"}]}}
            """
                .formatted(user));

    assertThat(created.status()).isEqualTo(200);
    assertThat(created.json().at("/state/user_type").asText()).isEqualTo("elastic_user");
    assertThat(run.status()).isEqualTo(200);
    assertThat(run.json()).hasSize(1);
    assertThat(text(run.json().get(0))).isNotBlank();
    assertThat(client.get("/health").status()).isEqualTo(200);
  }

  /** Sections 5.1, 5.2 and 5.6; the final event is stored before it is sent. */
  @Test
  void aStreamIsPartialEventsAndOneFinalOneEachInOneWrite() {
    var session = created("{}");

    try (var run = AdkClient.run(cluster.gateway(0), asked(session, "[tokens=60] Go", true))) {
      run.untilEnd();

      assertThat(run.head()).contains("text/event-stream", "no-cache", "X-Accel-Buffering: no");
      assertThat(run.writes()).allMatch(write -> write.matches("data: \\{[^\n]*}\n\n"));
      var last = run.events().getLast();
      assertThat(run.partials()).hasSize(run.events().size() - 1).hasSizeGreaterThan(10);
      assertThat(run.partialText()).isEqualTo(text(last));
      assertThat(run.events())
          .extracting(event -> event.get("id").asText())
          .doesNotHaveDuplicates();
      assertThat(run.events())
          .extracting(event -> event.get("invocationId").asText())
          .containsOnly(last.get("invocationId").asText());
      assertThat(run.events())
          .extracting(event -> event.get("author").asText())
          .containsOnly("production_agent");
      assertThat(last.get("finishReason").asText()).isEqualTo("STOP");
      assertThat(last.at("/usageMetadata/candidatesTokenCount").asInt()).isEqualTo(60);
      assertThat(events(session).getLast()).isEqualTo(last);
    }
  }

  /** Section 5.6 and T-29: the run does not wait for its reader, and what waits is bounded. */
  @Test
  void aSlowReaderFindsWhatCameMeanwhileInFewEvents() {
    var session = created("{}");
    var body = asked(session, "[tokens=20000] [rate=20000] Go", true);

    try (var run = AdkClient.run(cluster.gateway(0), body)) {
      await().atMost(LIMIT).until(() -> events(session).size() == 2);
      run.untilEnd();

      var last = run.events().getLast();
      assertThat(run.partialText()).isEqualTo(text(last));
      assertThat(events(session).getLast()).isEqualTo(last);
      assertThat(run.partials().size()).isLessThan(10_000);
      assertThat(run.writes()).allMatch(write -> write.matches("data: \\{[^\n]*}\n\n"));
    }
  }

  /** T-5: a client that repeats its request under its key gets the same run, on any instance. */
  @Test
  void aRepeatedRequestUnderOneKeyIsTheSameRun() {
    var session = created("{}");
    var body = asked(session, "[tokens=90] Go", true);
    var key = UUID.randomUUID().toString();

    try (var first = AdkClient.run(cluster.gateway(0), body, key)) {
      first.untilPartials(3);
      try (var second = AdkClient.run(cluster.gateway(1), body, key)) {
        second.untilEnd();
        first.untilEnd();

        assertThat(second.partialText()).isEqualTo(first.partialText());
        assertThat(second.events().getLast()).isEqualTo(first.events().getLast());
      }
    }
    try (var later = AdkClient.run(cluster.gateway(1), body, key)) {
      assertThat(later.untilEnd().events()).containsExactly(events(session).getLast());
    }
    assertThat(events(session)).hasSize(2);
  }

  @Test
  void withoutStreamingThereIsTheFinalEventAlone() {
    var session = created("{}");

    try (var run = AdkClient.run(cluster.gateway(1), asked(session, "[tokens=20] Go", false))) {
      run.untilEnd();

      assertThat(run.events()).hasSize(1);
      assertThat(text(run.events().getFirst())).isNotBlank();
    }
  }

  /** Section 3.3 and 4: durable with the message, before the model is asked. */
  @Test
  void stateOfARunIsKeptWithItsMessageAndMetadataWithItsEvents() {
    var session = created("{\"old\":1}");
    var body =
        """
        {"appName":"production_agent","app_name":"nobody","user_id":"%s","sessionId":"%s",
         "new_message":{"parts":[{"text":"[tokens=5] Go"}]},
         "state_delta":{"some_key":1,"user:lang":"de","temp:t":2},"custom_metadata":{"a_b":[1]}}
        """
            .formatted(user, session);

    var run = cluster.client(0).call("POST", "/run", body);

    assertThat(run.json().at("/0/customMetadata/a_b/0").asInt()).isEqualTo(1);
    var seen = cluster.client(1).get(sessions + "/" + session).json();
    assertThat(seen.get("state").toString())
        .isEqualTo("{\"old\":1,\"some_key\":1,\"user:lang\":\"de\"}");
    assertThat(seen.at("/events/0/author").asText()).isEqualTo("user");
    assertThat(seen.at("/events/0/actions/stateDelta").toString())
        .isEqualTo("{\"some_key\":1,\"user:lang\":\"de\"}");
    assertThat(seen.at("/events/0/customMetadata/a_b/0").asInt()).isEqualTo(1);
    assertThat(seen.at("/events/1")).isEqualTo(run.json().get(0));
  }

  /** Section 12.3 to 12.6. */
  @Test
  void sessionsAreCreatedOnceReadListedChangedAndDeleted() {
    var client = cluster.client(0);
    var path = sessions + "/s%20%C3%BC.1";

    assertThat(client.call("POST", path, null).json().get("id").asText()).isEqualTo("s ü.1");
    var again = client.call("POST", path, "{\"anything\":true}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().get("detail").asText()).isEqualTo("Session already exists: s ü.1");
    var changed =
        cluster.client(1).call("PATCH", path, "{\"state_delta\":{\"n\":42,\"none\":null}}").json();
    assertThat(changed.get("state").toString()).isEqualTo("{\"n\":42,\"none\":null}");
    assertThat(changed.get("events"))
        .filteredOn(event -> event.get("invocationId").asText().startsWith("p-"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.get("author").asText()).isEqualTo("user");
              assertThat(event.at("/actions/stateDelta")).isEqualTo(changed.get("state"));
            });
    var listed = client.get(sessions).json();
    assertThat(listed).hasSize(1);
    assertThat(listed.at("/0/events")).isEmpty();
    assertThat(listed.at("/0/state")).isEqualTo(changed.get("state"));
    assertThat(listed.at("/0/lastUpdateTime").asDouble())
        .isBetween(1.7e9, System.currentTimeMillis() / 1000.0 + 60);
    assertThat(client.call("DELETE", path, null).response().body()).isEqualTo("null");
    assertThat(client.call("DELETE", path, null).status()).isEqualTo(200);
    assertThat(client.get(path).status()).isEqualTo(404);
    assertThat(client.get(sessions).json()).isEmpty();
  }

  @Test
  void ofManyThatCreateOneIdOneDoesAndTheOthersAreToldSo() {
    var replies =
        IntStream.range(0, 8)
            .mapToObj(i -> cluster.client(i % 2).callAsync("POST", sessions + "/same", "{}"))
            .toList();

    assertThat(replies.stream().map(reply -> reply.join().status()))
        .containsOnlyOnce(200)
        .containsOnly(200, 409);
  }

  /** Section 12.18: from another instance, and what was said stays. */
  @Test
  void aCancelledRunEndsWithWhatWasSaid() {
    var session = created("{}");
    var path = sessions + "/" + session + ":cancel";

    try (var run = AdkClient.run(cluster.gateway(0), asked(session, "[tokens=3000] Go", true))) {
      run.untilPartials(5);
      var cancelled = cluster.client(1).call("POST", path, null);
      var again = cluster.client(1).call("POST", path, null);
      run.untilEnd();

      assertThat(cancelled.status()).isEqualTo(200);
      assertThat(cancelled.json().toString())
          .isEqualTo("{\"status\":\"cancelled\",\"session_id\":\"" + session + "\"}");
      assertThat(again.status()).isEqualTo(404);
      assertThat(again.json().get("detail").asText()).containsIgnoringCase("no active run");
      var last = run.events().getLast();
      assertThat(last.get("interrupted").asBoolean()).isTrue();
      assertThat(run.partialText()).isEqualTo(text(last));
      assertThat(events(session).getLast()).isEqualTo(last);
    }
  }

  /** Section 5.7: the only way ADK Web has to stop a run; its text stays. */
  @Test
  void aRunWhoseClientLeftIsStoppedAfterTheGrace() {
    var session = created("{}");
    String said;
    try (var run = AdkClient.run(cluster.gateway(0), asked(session, "[tokens=5000] Go", true))) {
      said = run.untilPartials(5).partialText();
    }

    await().atMost(LIMIT).until(() -> events(session).size() == 2);

    var last = events(session).getLast();
    assertThat(last.get("interrupted").asBoolean()).isTrue();
    assertThat(text(last)).startsWith(said);
  }

  /** What a person asks next is answered, as the run it meets is interrupted. */
  @Test
  void aRunInterruptsTheOneBeforeIt() {
    var session = created("{}");
    try (var first = AdkClient.run(cluster.gateway(0), asked(session, "[tokens=5000] A", true))) {
      first.untilPartials(3);

      var second = cluster.client(1).call("POST", "/run", asked(session, "[tokens=4] B", false));

      assertThat(second.status()).isEqualTo(200);
      assertThat(first.untilEnd().events().getLast().get("interrupted").asBoolean()).isTrue();
      assertThat(events(session)).hasSize(4);
    }
  }

  /** Section 5.5: text that was said is not taken back by the failure that ended it. */
  @Test
  void aModelThatFailsMidwayLeavesItsTextWithTheError() {
    var broken = "/apps/breaks.midway/users/" + user + "/sessions/s";
    cluster.client(0).call("POST", broken, "{}");

    try (var run =
        AdkClient.run(
            cluster.gateway(0),
            asked("s", "[tokens=90] Go", true).replace("production_agent", "breaks.midway"))) {
      run.untilEnd();

      var last = run.events().getLast();
      assertThat(last.get("errorCode").asText()).startsWith("UPSTREAM");
      assertThat(last.get("errorMessage").asText()).isNotBlank();
      assertThat(text(last)).isNotBlank();
      var events = cluster.client(1).get(broken).json().get("events");
      assertThat(events.get(events.size() - 1)).isEqualTo(last);
    }
  }

  @Test
  void aModelThatFailsWithoutAWordIsAnErrorAlone() {
    var broken = "/apps/breaks.at-once/users/" + user + "/sessions/s";
    cluster.client(0).call("POST", broken, "{}");
    var body = asked("s", "[tokens=90] Go", true).replace("production_agent", "breaks.at-once");

    var whole = cluster.client(0).call("POST", "/run", body);
    assertThat(whole.status()).isGreaterThanOrEqualTo(500);
    assertThat(whole.json().get("detail").asText()).isNotBlank();
    try (var run = AdkClient.run(cluster.gateway(0), body)) {
      if (run.head().startsWith("HTTP/1.1 200")) {
        run.untilEnd();
        assertThat(run.events()).hasSize(1);
        assertThat(run.events().getFirst().at("/error_details/error_message").asText())
            .isNotBlank();
      }
    }
  }

  /** T-1: one turn, read by each client in its own way. */
  @Test
  void aRunIsReadNativelyAndANativeSessionInAdk() {
    var session = created("{\"__session_metadata__\":{\"displayName\":\"Owls\"}}");
    var following = new CompletableFuture<EventStream>();
    try (var run = AdkClient.run(cluster.gateway(0), asked(session, "[tokens=90] Go", true))) {
      run.untilPartials(2);
      var turn = run.events().getFirst().get("invocationId").asText().substring("e-".length());
      following.complete(cluster.client(1).follow(turn, null));
      following.join().untilEnd();
      run.untilEnd();

      assertThat(following.join().text()).isEqualTo(text(run.events().getLast()));
      var native1 = cluster.client(1).get("/v1/turns/" + turn).json();
      var own = native1.get("session_id").asText();
      assertThat(cluster.client(0).get("/v1/sessions/" + own).json().get("title").asText())
          .isEqualTo("Owls");
      assertThat(cluster.client(0).get("/v1/sessions/" + own + "/messages").json().get("data"))
          .extracting(message -> message.get("text").asText())
          .containsExactly("[tokens=90] Go", text(run.events().getLast()));
    }

    var made = cluster.client(0).call("POST", "/v1/sessions", "{\"user\":\"" + user + "\"}").json();
    var stream = cluster.client(0).turn(made.get("id").asText(), ChatClient.ask(12));
    stream.untilEnd();
    var seen = cluster.client(1).get(sessions + "/" + made.get("id").asText()).json();
    assertThat(seen.get("events"))
        .extracting(event -> event.get("author").asText())
        .containsExactly("user", "production_agent");
    assertThat(text(seen.at("/events/1"))).isEqualTo(stream.text());
    var run =
        cluster
            .client(1)
            .call("POST", "/run", asked(made.get("id").asText(), "[tokens=3] And?", false));
    assertThat(run.status()).isEqualTo(200);
    assertThat(cluster.client(0).get(sessions).json()).hasSize(2);
  }

  /** Section 3.1: they are shown, and no model is told of them. */
  @Test
  void eventsThatASessionIsCreatedWithAreShownFirst() {
    var body =
        """
        {"events":[
          {"author":"user","invocation_id":"e-1","content":{"role":"user","parts":[{"text":"Hi"}]},
           "actions":{"stateDelta":{},"artifactDelta":{}},"unknown":1},
          {"author":"x","content":{"parts":[{"inline_data":{"mime_type":"a/b","data":"AA=="}}]}}]}
        """;

    var created = cluster.client(0).call("POST", sessions, body);

    assertThat(created.status()).isEqualTo(200);
    assertThat(created.json().at("/events/0/invocationId").asText()).isEqualTo("e-1");
    assertThat(created.json().at("/events/1/content/parts/0/inlineData/mimeType").asText())
        .isEqualTo("a/b");
    var id = created.json().get("id").asText();
    cluster.client(0).call("POST", "/run", asked(id, "[tokens=3] Go", false));
    assertThat(events(id)).hasSize(4);
  }

  private String created(String state) {
    var reply = cluster.client(0).call("POST", sessions, "{\"state\":" + state + "}");
    return reply.json().get("id").asText();
  }

  private String asked(String session, String text, boolean streaming) {
    return """
    {"appName":"production_agent","userId":"%s","sessionId":"%s",
     "newMessage":{"role":"user","parts":[{"text":"%s"}]},"streaming":%s,"stateDelta":null}
    """
        .formatted(user, session, text, streaming);
  }

  private List<JsonNode> events(String session) {
    var events = cluster.client(1).get(sessions + "/" + session).json().get("events");
    return StreamSupport.stream(events.spliterator(), false).toList();
  }

  private static String text(JsonNode event) {
    return event.at("/content/parts/0/text").asText();
  }
}
