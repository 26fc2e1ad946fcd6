package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.sse.SseEvent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T-4, T-5, T-28, T-30 and openai-api.md sections 8.4 to 8.6 and 12: responses that are kept, over
 * two gateways and one database.
 */
class ResponsesIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.TWO_OF_EACH);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void resumesOnAnotherGatewayFromEveryNumberWithTheSameEvents() {
    var half = stream(0, ask(40, "\"background\":true"));
    half.untilText(80);
    var id = id(half);
    half.close();
    var whole = follow(1, id, "");
    whole.untilEnd();

    assertThat(whole.seen().getLast().name()).isEqualTo("response.completed");
    assertThat(half.seen()).isEqualTo(whole.seen().subList(0, half.seen().size()));
    for (var number = 0; number < whole.seen().size(); number++) {
      assertThat(number(whole.seen().get(number))).isEqualTo(number);
      var resumed = follow(number % 2, id, "&starting_after=" + number);
      resumed.untilBareEnd();
      assertThat(resumed.seen())
          .as("resumed after " + number)
          .isEqualTo(whole.seen().subList(number + 1, whole.seen().size()));
    }
    var stored = cluster.client(0).get("/v1/responses/" + id).json();
    assertThat(EventStream.data(whole.seen().getLast()).get("response")).isEqualTo(stored);
    assertThat(text(stored)).isEqualTo(whole.text());
  }

  @Test
  void missesNothingThroughTenReconnectsOfARunningResponse() {
    var stream = stream(0, ask(350, "\"background\":true"));
    stream.untilNamed("response.created");
    var id = id(stream);
    var assembled = new StringBuilder();
    for (var reconnect = 0; reconnect < 10; reconnect++) {
      stream.untilText(12);
      assembled.append(stream.text());
      var number = number(stream.seen().getLast());
      stream.close();
      stream = follow((reconnect + 1) % 2, id, "&starting_after=" + number);
      assertThat(stream.status()).isEqualTo(200);
      assertThat(number(stream.until(_ -> true))).isEqualTo(number + 1);
    }
    stream.untilEnd();
    assembled.append(stream.text());

    assertThat(assembled).hasToString(text(cluster.client(1).get("/v1/responses/" + id).json()));
  }

  /** T-4: the history of a chain is its parents' transcripts; instructions are not inherited. */
  @Test
  void knowsOfAChainWhatWasSaidInIt() {
    var first = respond(0, "\"input\":\"[say]The word is panda.\",\"instructions\":\"Be brief.\"");
    var second =
        respond(1, "\"input\":\"[say]Noted.\",\"previous_response_id\":" + first.get("id"));
    var third =
        respond(
            0,
            "\"input\":[{\"role\":\"user\",\"content\":\"[say]Bye.\"}],\"previous_response_id\":"
                + second.get("id"));

    assertThat(text(third)).isEqualTo("Bye.");
    assertThat(third.get("previous_response_id")).isEqualTo(second.get("id"));
    assertThat(third.at("/usage/input_tokens").intValue())
        .isGreaterThan(second.at("/usage/input_tokens").intValue());
    assertThat(third.get("instructions").isNull()).isTrue();
    var unknown =
        cluster
            .client(0)
            .call(
                "POST",
                "/v1/responses",
                body("\"input\":\"a\",\"previous_response_id\":\"resp_" + "0".repeat(32) + "\""));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().at("/error/param").textValue()).isEqualTo("previous_response_id");
  }

  /** T-5, openai-api.md section 12.10: one turn per key. */
  @Test
  void isATurnOfItsConversationForTheNativeApiToo() {
    var session = cluster.client(0).newSession();
    var conversation = "\"conversation\":\"conv_" + session.replace("-", "") + "\"";
    var body = body("\"input\":\"[say]Blue.\"," + conversation);

    var first = cluster.client(0).call("POST", "/v1/responses", body, "Idempotency-Key", session);
    var again = cluster.client(1).call("POST", "/v1/responses", body, "Idempotency-Key", session);

    assertThat(again.json()).isEqualTo(first.json());
    var turns = cluster.client(1).get("/v1/sessions/" + session + "/turns").json().get("data");
    assertThat(turns).hasSize(1);
    var turn = turns.get(0).get("id").asText();
    assertThat(first.json().get("id").asText()).isEqualTo("resp_" + turn.replace("-", ""));
    var reader = cluster.client(1).follow(turn, null);
    assertThat(reader.untilEnd().name()).isEqualTo("turn.completed");
    assertThat(reader.text()).isEqualTo("Blue.");
    var messages =
        cluster.client(0).get("/v1/sessions/" + session + "/messages").json().get("data");
    assertThat(messages).extracting(each -> each.get("role").asText()).containsOnlyOnce("user");
    assertThat(messages).hasSize(2);
  }

  @Test
  void stopsAResponseOnAnotherGateway() {
    var begun =
        cluster.client(0).call("POST", "/v1/responses", ask(8000, "\"background\":true")).json();
    var id = begun.get("id").asText();
    assertThat(begun.get("status").asText()).isEqualTo("queued");
    follow(1, id, "").untilText(20);

    var once = cluster.client(1).call("POST", "/v1/responses/" + id + "/cancel", null).json();
    var twice = cluster.client(0).call("POST", "/v1/responses/" + id + "/cancel", "{}").json();

    assertThat(once.get("status").asText()).isEqualTo("cancelled");
    assertThat(twice).isEqualTo(once);
    assertThat(text(once)).isNotEmpty();
    var replayed = follow(0, id, "");
    assertThat(replayed.untilEnd().name()).isEqualTo("response.incomplete");
    assertThat(replayed.text()).isEqualTo(text(once));
  }

  @Test
  void keepsNothingOfWhatIsNotToBeKept() {
    var answer = respond(0, "\"input\":\"[say]Blue.\",\"store\":false");

    assertThat(text(answer)).isEqualTo("Blue.");
    var id = answer.get("id").asText();
    assertThat(cluster.client(0).get("/v1/responses/" + id).status()).isEqualTo(404);
  }

  /** T-23, T-30: the stored text is never less than what a reader was told. */
  @Test
  void failsWithItsStoredTextWhenTheOwnerDies() {
    try (var dying = Cluster.start(Cluster.Shape.TWO_OF_EACH)) {
      var owner = dying.client(0).stream("POST", "/v1/responses", ask(8000, "\"stream\":true"));
      owner.untilText(100);
      var id = id(owner);
      var elsewhere = dying.client(1).stream("GET", "/v1/responses/" + id + "?stream=true", null);
      elsewhere.untilText(100);

      dying.killGateway(0);
      owner.untilBroken();
      var last = elsewhere.untilEnd();

      assertThat(last.name()).isEqualTo("response.failed");
      var stored = dying.client(1).get("/v1/responses/" + id).json();
      assertThat(stored.get("status").asText()).isEqualTo("failed");
      assertThat(stored.at("/error/code").asText()).isEqualTo("server_error");
      assertThat(text(stored)).isEqualTo(elsewhere.text()).startsWith(owner.text());
      var number = number(owner.seen().getLast());
      var resumed =
          dying.client(1).stream(
              "GET", "/v1/responses/" + id + "?stream=true&starting_after=" + number, null);
      resumed.untilEnd();
      assertThat(owner.text() + resumed.text()).isEqualTo(text(stored));
      assertThat(number(resumed.seen().getFirst())).isEqualTo(number + 1);
    }
  }

  private static String ask(int tokens, String... members) {
    return body(
        "\"input\":\"Tell me a story. [tokens="
            + tokens
            + "]\",\"max_output_tokens\":"
            + (tokens + 100)
            + String.join("", List.of(members).stream().map(each -> "," + each).toList()));
  }

  private static String body(String members) {
    return "{\"model\":\"gemma3:270m\"," + members + "}";
  }

  private static JsonNode respond(int gateway, String members) {
    var reply = cluster.client(gateway).call("POST", "/v1/responses", body(members));
    assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
    return reply.json();
  }

  private static EventStream stream(int gateway, String body) {
    var streamed = body.substring(0, body.length() - 1) + ",\"stream\":true}";
    return cluster.client(gateway).stream("POST", "/v1/responses", streamed);
  }

  private static EventStream follow(int gateway, String id, String more) {
    return cluster.client(gateway).stream(
        "GET", "/v1/responses/" + id + "?stream=true" + more, null);
  }

  private static String id(EventStream stream) {
    return EventStream.data(stream.seen().getFirst()).at("/response/id").asText();
  }

  private static int number(SseEvent event) {
    return EventStream.data(event).get("sequence_number").asInt();
  }

  private static String text(JsonNode response) {
    return response.at("/output/0/content/0/text").asText();
  }
}
