package dev.penstock.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatorServiceTest {
  private final Metrics metrics = new Metrics();
  private final Vertx vertx = metrics.vertx();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    join(vertx.close());
  }

  /** A drain of Ollama is none: its listeners and connections close at once (section 8). */
  @Test
  void cutsItsStreamsAtOnceWhenItStops() throws Exception {
    var service = started(Map.of("PORT", "0", "SIMULATOR_LOAD_MS", "0"));
    try (var stream = stream(service)) {
      assertThat(stream.readLine()).contains("\"done\":false");

      join(service.drain());

      assertThatThrownBy(
              () -> {
                while (stream.readLine() != null) {
                  // frames that were on their way
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void measuresItsSlotsAndQueues() throws Exception {
    var service = started(Map.of("PORT", "0", "SIMULATOR_LOAD_MS", "0"));
    try (var stream = stream(service)) {
      assertThat(stream.readLine()).contains("\"done\":false");

      assertThat(metrics.scrape())
          .contains(
              "simulator_slots_in_use 1.0",
              "simulator_waiting_for_slot 0.0",
              "simulator_waiting_for_load 0.0");
    }
    join(service.drain());
    assertThat(metrics.scrape()).contains("simulator_slots_in_use 0.0");
  }

  @Test
  void opensItsControlPortWhenAsked() {
    assertThat(started(Map.of("PORT", "0", "SIMULATOR_CONTROL_PORT", "0")).controlPort())
        .isPositive();
  }

  private SimulatorService started(Map<String, String> environment) {
    var service = SimulatorService.from(new Environment(environment), metrics, false);
    join(service.start(vertx));
    return service;
  }

  private BufferedReader stream(SimulatorService service) throws Exception {
    var body =
        "{\"model\":\"gemma3:4b\",\"messages\":[{\"role\":\"user\",\"content\":\"[rate=1] x\"}]}";
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/api/chat"))
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofString(body))
            .build();
    var response = client.send(request, BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static void join(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
