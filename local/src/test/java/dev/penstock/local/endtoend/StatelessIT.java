package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T-1, T-37: the stateless path, shown by OpenAI's chat completions, at a model with a single slot
 * and nobody waiting.
 */
class StatelessIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        Cluster.start(
            Cluster.Shape.ONE_OF_EACH
                .with("OLLAMA_NUM_PARALLEL", "1")
                .with("PENSTOCK_QUEUE_PER_SLOT", "0"));
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void answersAnOpenAiClient() {
    var reply = cluster.client(0).call("POST", "/v1/chat/completions", completion(12, false));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(reply.json().at("/usage/completion_tokens").asInt()).isEqualTo(12);
    assertThat(cluster.client(0).get("/v1/sessions").json().get("data")).isEmpty();
  }

  @Test
  void streamsTheSameTextAndEndsWithDone() {
    var whole = cluster.client(0).call("POST", "/v1/chat/completions", completion(40, false));

    var stream = cluster.client(0).stream("POST", "/v1/chat/completions", completion(40, true));
    stream.untilEnd();

    var text = new StringBuilder();
    for (var event : stream.seen()) {
      if (!event.data().equals("[DONE]")) {
        text.append(EventStream.data(event).at("/choices/0/delta/content").asText());
      }
    }
    assertThat(stream.seen().getLast().data()).isEqualTo("[DONE]");
    assertThat(text).hasToString(whole.json().at("/choices/0/message/content").asText());
    assertThat(stream.seen()).allSatisfy(event -> assertThat(event.lastEventId()).isEmpty());
  }

  @Test
  void freesTheModelsSlotWhenItsReaderLeaves() {
    var stream = cluster.client(0).stream("POST", "/v1/chat/completions", completion(5000, true));
    stream.next();
    stream.next();

    stream.close();

    // The only slot is free again: the next caller is answered.
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () ->
                cluster
                        .client(0)
                        .call("POST", "/v1/chat/completions", completion(3, false))
                        .status()
                    == 200);
  }

  /** T-18, T-19: refused at the door, and started over as the same turn under the same key. */
  @Test
  void refusesAStoredTurnWhileTheSlotIsTakenAndStartsItOverLater() {
    var client = cluster.client(0);
    var session = client.newSession();
    var turns = "/v1/sessions/" + session + "/turns";
    var occupant = client.stream("POST", "/v1/chat/completions", completion(5000, true));
    occupant.next();
    occupant.next();

    var refused = client.turn(session, ChatClient.ask(5), "Idempotency-Key", "door-" + session);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 30);
    var turn = client.get(turns).json().at("/data/0");
    assertThat(turn.at("/error/code").asText()).isEqualTo("queue_full");
    assertThat(turn.at("/input/message_id").isNull()).isTrue();
    assertThat(client.get("/v1/sessions/" + session + "/messages").json().get("data")).isEmpty();

    occupant.close();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                client
                        .call(
                            "POST", turns, ChatClient.ask(5), "Idempotency-Key", "door-" + session)
                        .status()
                    == 200);
    var again = client.get(turns).json().get("data");
    assertThat(again).hasSize(1);
    assertThat(again.at("/0/id")).isEqualTo(turn.get("id"));
    assertThat(again.at("/0/attempt").asInt()).isGreaterThan(1);
    assertThat(client.get("/v1/sessions/" + session + "/messages").json().get("data")).hasSize(2);
  }

  private static String completion(int tokens, boolean stream) {
    return "{\"model\":\"gemma3:270m\",\"max_tokens\":"
        + (tokens + 100)
        + ",\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a story. [tokens="
        + tokens
        + "]\"}]}";
  }
}
