package dev.penstock.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.penstock.kit.config.Environment;
import dev.penstock.simulator.SimulatorConfig;
import dev.penstock.simulator.SimulatorVerticle;
import dev.penstock.simulator.answer.SimulatedAnswer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A running simulator, driven over its own ports. Fast unless the environment says otherwise. */
final class Simulator implements AutoCloseable {
  static final String MODEL = "gemma3:4b";
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final SimulatorVerticle verticle;

  private Simulator(Map<String, String> environment) {
    verticle = new SimulatorVerticle(SimulatorConfig.from(new Environment(environment), false));
    vertx.deployVerticle(verticle).toCompletionStage().toCompletableFuture().join();
  }

  /** With settings as {@code NAME=value}. */
  static Simulator with(String... settings) {
    var environment = new HashMap<>(Map.of("PORT", "0", "SIMULATOR_CONTROL_PORT", "0"));
    environment.put("SIMULATOR_LOAD_MS", "0");
    environment.put("SIMULATOR_PREFILL_TOKENS_PER_SECOND", "0");
    environment.put("SIMULATOR_TOKENS_PER_SECOND", "20000");
    for (var setting : settings) {
      var sign = setting.indexOf('=');
      environment.put(setting.substring(0, sign), setting.substring(sign + 1));
    }
    return new Simulator(environment);
  }

  int port() {
    return verticle.port();
  }

  RawAnswer get(String path) {
    return RawAnswer.get(port(), path);
  }

  RawAnswer post(String path, String body) {
    return RawAnswer.post(port(), path, body);
  }

  /** A chat with one user message. */
  RawAnswer chat(String text) {
    return post("/api/chat", question(text).encode());
  }

  static JsonObject question(String text) {
    return new JsonObject()
        .put("model", MODEL)
        .put("messages", new JsonArray().add(message("user", text)));
  }

  static JsonObject message(String role, String text) {
    return new JsonObject().put("role", role).put("content", text);
  }

  /** Orders a fault on the control port. */
  void fault(String json) {
    try (var answer = RawAnswer.post(verticle.controlPort(), "/faults", json)) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 201 Created");
    }
  }

  RawAnswer control(String request) {
    return RawAnswer.to(verticle.controlPort(), request);
  }

  JsonObject state() {
    try (var answer = RawAnswer.get(verticle.controlPort(), "/state")) {
      return new JsonObject(answer.body());
    }
  }

  /** Waits until the state is as wanted. */
  JsonObject await(String what, Predicate<JsonObject> wanted) {
    var end = System.nanoTime() + LIMIT.toNanos();
    var state = state();
    while (!wanted.test(state)) {
      if (System.nanoTime() - end > 0) {
        return fail("not within %s: %s, but %s", LIMIT, what, state);
      }
      LockSupport.parkNanos(2_000_000);
      state = state();
    }
    return state;
  }

  /** The state of the one loaded model. */
  static JsonObject model(JsonObject state) {
    return state.getJsonArray("models").getJsonObject(0);
  }

  static List<JsonObject> frames(List<String> chunks) {
    return chunks.stream().map(JsonObject::new).toList();
  }

  /** The text that frames carry. */
  static String text(List<String> chunks) {
    var text = new StringBuilder();
    for (var frame : frames(chunks)) {
      if (frame.containsKey("message")) {
        text.append(frame.getJsonObject("message").getString("content"));
      }
    }
    return text.toString();
  }

  static SimulatedAnswer answer(String text) {
    return SimulatedAnswer.to(text);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
