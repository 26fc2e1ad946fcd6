package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.store.FakeSessionService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages, turns and the export of a session, over HTTP. */
class HistoryRoutesTest {
  private static final List<String> INTERNAL =
      List.of("owner", "bases", "last_seq", "cancel_requested", "disconnect_grace_ms");

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

  @AfterEach
  void asUsual() {
    store.behaves(null);
  }

  @Test
  void listsMessages() {
    var session = session(List.of("What do they eat?", "Bamboo."), List.of());

    var page = client.get("/v1/sessions/" + session + "/messages?limit=7&order=desc&after=abc");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.json().at("/data/1/text").asText()).isEqualTo("Bamboo.");
    assertThat(page.json().at("/data/1/role").asText()).isEqualTo("assistant");
    assertThat(store.lastAsked().uri()).endsWith("?limit=7&after=abc&order=desc");
  }

  @Test
  void showsOfATurnWhatClientsMaySee() {
    var id = UUID.randomUUID();
    var session =
        session(List.of(), List.of(TestTurns.completed(id, "Bamboo."), TestTurns.waiting(id)));

    var page = client.get("/v1/sessions/" + session + "/turns").json();

    var completed = page.at("/data/0");
    assertThat(completed.at("/output/text").asText()).isEqualTo("Bamboo.");
    assertThat(completed.at("/output/usage").toString())
        .isEqualTo("{\"input_tokens\":14,\"output_tokens\":5}");
    assertThat(completed.at("/warnings/0/code").asText()).isEqualTo("think_ignored");
    assertThat(INTERNAL).noneMatch(completed::has);
    assertThat(page.at("/data/1/queue").toString())
        .isEqualTo("{\"position\":2,\"expected_wait_ms\":1500}");
    assertThat(page.at("/data/1/output").isNull()).isTrue();
    assertThat(store.lastAsked().uri()).endsWith("/turns?limit=50");
  }

  @Test
  void exportsEverythingInItsPublicForm() {
    var id = UUID.randomUUID();
    var session = session(List.of("Hi", "Hello"), List.of(TestTurns.completed(id, "Grüße 🐼")));

    var export = client.get("/v1/sessions/" + session + "/export");

    assertThat(export.status()).isEqualTo(200);
    assertThat(export.header("Content-Disposition")).contains("session-" + session + ".json");
    assertThat(export.json().at("/session/id").asText()).isEqualTo(session.toString());
    assertThat(export.json().at("/messages/1/text").asText()).isEqualTo("Hello");
    assertThat(export.json().at("/turns/0/output/text").asText()).isEqualTo("Grüße 🐼");
    assertThat(INTERNAL).noneMatch(export.json().at("/turns/0")::has);
  }

  @Test
  void exportsFarMoreThanAnyBufferHolds() {
    var id = UUID.randomUUID();
    var answer = "0123456789abcdef".repeat(16 * 1024);
    var turns = IntStream.range(0, 60).mapToObj(_ -> TestTurns.completed(id, answer)).toList();
    var session = session(List.of(), turns);

    var export = client.get("/v1/sessions/" + session + "/export");

    assertThat(export.json().at("/turns")).hasSize(60);
    assertThat(export.json().at("/turns/59/output/text").asText()).isEqualTo(answer);
  }

  @Test
  void resetsAnExportThatCannotBeFinished() {
    var session = session(List.of(), List.of());
    store.behaves(
        request ->
            request
                .response()
                .setChunked(true)
                .end("{\"session\":{\"id\":1},\"messages\":[{\"text\":\"half"));

    assertThatThrownBy(() -> client.get("/v1/sessions/" + session + "/export"))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void answersTheHeadOfAnExportWithoutReadingIt() {
    var session = session(List.of("Hi"), List.of());

    var head = client.call("HEAD", "/v1/sessions/" + session + "/export", null);

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(store.lastAsked().uri()).isEqualTo("/sessions/" + session);
  }

  private static UUID session(List<String> texts, List<Turn> turns) {
    var session = store.add("with history").id();
    List<Message> messages =
        IntStream.range(0, texts.size())
            .mapToObj(i -> TestTurns.message(session, i, texts.get(i)))
            .toList();
    store.holds(session, messages, turns);
    return session;
  }
}
