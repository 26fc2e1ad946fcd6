package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T-1, T-37: the stateless path, shown by OpenAI's chat completions. */
class StatelessIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.ONE_OF_EACH);
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
