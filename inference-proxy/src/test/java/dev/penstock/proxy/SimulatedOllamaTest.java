package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.simulator.SimulatorService;
import dev.penstock.simulator.answer.PromptMessage;
import dev.penstock.simulator.answer.SimulatedAnswer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The proxy in front of the simulator, whose every answer can be computed: the text is the oracle.
 */
class SimulatedOllamaTest extends OllamaContract {
  private static final int SLOTS = 4;
  private static final Metrics METRICS = new Metrics();
  private static final Vertx VERTX = METRICS.vertx();
  private static final SimulatorService SIMULATOR =
      SimulatorService.from(
          new Environment(
              Map.of(
                  "PORT", "0",
                  "SIMULATOR_MODELS", "gemma3:270m,gemma3:4b,gemma4:e2b,embeddinggemma:300m",
                  "SIMULATOR_CONTROL_PORT", "0",
                  "OLLAMA_NUM_PARALLEL", String.valueOf(SLOTS),
                  "OLLAMA_CONTEXT_LENGTH", "2048",
                  "SIMULATOR_TOKENS_PER_SECOND", "400",
                  "SIMULATOR_PREFILL_TOKENS_PER_SECOND", "0",
                  "SIMULATOR_LOAD_MS", "50")),
          METRICS,
          false);
  private static final HttpClient CONTROL = HttpClient.newHttpClient();
  private static ProxyDriver proxy;

  @BeforeAll
  static void start() {
    Await.done(SIMULATOR.start(VERTX));
    proxy =
        ProxyDriver.start(
            Map.of("OLLAMA_NUM_PARALLEL", String.valueOf(SLOTS)),
            "http://127.0.0.1:" + SIMULATOR.port());
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    control(HttpMethod.DELETE, "/faults", "");
  }

  @AfterAll
  static void stop() {
    proxy.close();
    CONTROL.close();
    Await.done(VERTX.close());
  }

  @Override
  ProxyDriver proxy() {
    return proxy;
  }

  @Override
  String model() {
    return "gemma3:4b";
  }

  @Test
  void relaysEveryAnswerWholeAndNeverAsksForMoreThanTheSlotsThereAre() {
    var calls = new ArrayList<Call>();
    for (var i = 0; i < 30; i++) {
      calls.add(proxy.generate(asking("[tokens=40] Question " + i, 100)));
    }

    for (var i = 0; i < calls.size(); i++) {
      var answer = SimulatedAnswer.to("[tokens=40] Question " + i).text();
      calls.get(i).awaitText(answer).next(Finished.class);
      var models = state().getJsonArray("models", new JsonArray());
      for (var m = 0; m < models.size(); m++) {
        assertThat(models.getJsonObject(m).getInteger("waiting"))
            .as("nobody waits where no priority and no deadline works")
            .isZero();
      }
    }
  }

  /** turns.md T-24, T-26. */
  @Test
  void continuesAnAnswerFromEveryTokenWhereTheModelDoes() {
    assertThat(probe("gemma3:4b").continues()).isTrue();
    var question = new ChatMessage(Role.USER, "[tokens=12] Food?");
    var answer = SimulatedAnswer.to(question.text());

    for (var k = 1; k < answer.length(); k++) {
      var messages = List.of(question, new ChatMessage(Role.ASSISTANT, answer.text(k)));
      var call = proxy.generate(request("gemma3:4b", messages, GenerationOptions.NONE, true));
      call.awaitText(answer.text().substring(answer.text(k).length())).next(Finished.class);
    }
  }

  @Test
  void refusesToContinueWhereTheModelStartsOver() {
    assertThat(probe("gemma4:e2b").continues()).isFalse();
    var messages =
        List.of(new ChatMessage(Role.USER, "Food?"), new ChatMessage(Role.ASSISTANT, "Bam"));

    var refused = proxy.generate(request("gemma4:e2b", messages, GenerationOptions.NONE, true));

    assertThat(refused.status()).isEqualTo(409);
  }

  @Test
  void leavesThoughtsOutOfTheAnswer() {
    var options =
        new GenerationOptions(null, null, null, null, null, null, Think.ON, null, null, null, null);
    var messages = List.of(new ChatMessage(Role.USER, "[tokens=10] Why?"));

    var thinking = proxy.generate(request("gemma4:e2b", messages, options, false));
    var plain = proxy.generate(request("gemma4:e2b", messages, GenerationOptions.NONE, false));

    var answer = SimulatedAnswer.to("[tokens=10] Why?").text();
    thinking.awaitText(answer).next(Finished.class);
    plain.awaitText(answer).next(Finished.class);
  }

  @Test
  void handsOverThoughtsWhole() {
    var options =
        new GenerationOptions(null, null, null, null, null, null, Think.ON, null, null, null, null);
    var messages = List.of(new ChatMessage(Role.USER, "[tokens=10] Why?"));
    var request = request("gemma4:e2b", messages, options, false);

    var thoughts = new StringBuilder();
    for (var event :
        proxy.generate(request.withForm(AnswerForm.PLAIN.withThoughts(true))).events()) {
      if (event instanceof Thought(var piece)) {
        thoughts.append(piece);
      }
    }

    assertThat(thoughts.toString())
        .isEqualTo(
            SimulatedAnswer.thoughtsOn(List.of(PromptMessage.user("[tokens=10] Why?")), 0).text());
  }

  @Test
  void relaysScoredTextWholeWithOneProbabilityForEachToken() {
    var answer = SimulatedAnswer.to("[tokens=30] Sure?");
    var call =
        proxy.generate(asking("[tokens=30] Sure?", 100).withForm(AnswerForm.PLAIN.withLogprobs(0)));

    var tokens = new ArrayList<String>();
    for (var event : call.events()) {
      if (event instanceof Scored(_, var logprobs)) {
        logprobs.forEach(token -> tokens.add(token.token()));
      }
    }

    assertThat(tokens).isEqualTo(answer.tokens());
  }

  @Test
  void keepsTheTextUpToACutAndSaysThatItBroke() {
    control(HttpMethod.POST, "/faults", "{\"kind\":\"cut\",\"after_tokens\":5,\"requests\":1}");

    var call = proxy.generate(asking("[tokens=20] Cut?", 100));

    call.awaitText(SimulatedAnswer.to("[tokens=20] Cut?").text(5));
    assertThat(call.next(Failed.class).failure().code()).isEqualTo(FailureCode.UPSTREAM_FAILED);
  }

  @Test
  void outlastsAServerThatIsBusyForAMoment() {
    control(HttpMethod.POST, "/faults", "{\"kind\":\"busy\",\"requests\":3}");

    proxy
        .generate(asking("[tokens=5] Busy?", 100))
        .awaitText(SimulatedAnswer.to("[tokens=5] Busy?").text())
        .next(Finished.class);
  }

  private static JsonObject state() {
    return new JsonObject(control(HttpMethod.GET, "/state", ""));
  }

  private static String control(HttpMethod method, String path, String body) {
    var address = URI.create("http://127.0.0.1:" + SIMULATOR.controlPort() + path);
    var request =
        HttpRequest.newBuilder(address)
            .method(method.name(), HttpRequest.BodyPublishers.ofString(body))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      return CONTROL.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("the simulator's control port does not answer", e);
    }
  }
}
