package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** ADK's API at a model with a single slot and no queue (adk-api.md section 5.5). */
class AdkOverloadIT {
  private static final String SESSION = "/apps/production_agent/users/u/sessions/s";
  private static final String OCCUPANT =
      """
      {"model":"gemma3:270m","stream":true,"messages":[{"role":"user","content":"[tokens=9000] Go"}]}
      """;
  private static final String RUN =
      """
      {"app_name":"production_agent","user_id":"u","session_id":"s","streaming":true,
       "new_message":{"parts":[{"text":"[tokens=3] Go"}]}}
      """;

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

  /** T-18: a status before the first byte, and the session is as it was. */
  @Test
  void anOverloadIsAStatusBeforeTheStreamAndPasses() {
    var client = cluster.client(0);
    client.call("POST", SESSION, null);
    var occupant = client.stream("POST", "/v1/chat/completions", OCCUPANT);
    occupant.next();
    occupant.next();

    for (var path : List.of("/run_sse", "/run")) {
      var refused = client.call("POST", path, RUN);
      assertThat(refused.status()).as(refused.response().body()).isEqualTo(429);
      assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 30);
      assertThat(refused.json().get("detail").asText()).isNotBlank();
    }
    assertThat(client.get(SESSION).json().get("events")).isEmpty();

    occupant.close();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> client.call("POST", "/run", RUN).status() == 200);
    assertThat(client.get(SESSION).json().get("events")).hasSize(2);
  }
}
