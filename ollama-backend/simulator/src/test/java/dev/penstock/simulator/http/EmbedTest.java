package dev.penstock.simulator.http;

import static dev.penstock.simulator.http.Simulator.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.penstock.simulator.answer.SimulatedEmbedding;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code POST /api/embed} of ollama-api.md sections 7 and 9. */
class EmbedTest {
  private static final String MODEL = "embeddinggemma:300m";
  private Simulator ollama = with();

  private static Simulator with(String... settings) {
    var all = new ArrayList<>(List.of(settings));
    all.add("SIMULATOR_MODELS=" + MODEL);
    return Simulator.with(all.toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    ollama.close();
  }

  @Test
  void answersAVectorOfLengthOneForEachInput() {
    var answer = embed(new JsonArray().add("Red pandas eat bamboo").add("Grüße 🐼"));

    assertThat(answer.fieldNames())
        .containsExactly(
            "model", "embeddings", "total_duration", "load_duration", "prompt_eval_count");
    assertThat(answer.getJsonArray("embeddings")).hasSize(2);
    for (var i = 0; i < 2; i++) {
      var vector = vector(answer, i);
      assertThat(vector).hasSize(768);
      assertThat(product(vector, vector)).isCloseTo(1, within(1e-5));
    }
    assertThat(vector(answer, 0)).isEqualTo(SimulatedEmbedding.of("Red pandas eat bamboo", 768));
  }

  @Test
  void bringsTextsWithWordsInCommonTogether() {
    var answer =
        embed(
            new JsonArray()
                .add("What do red pandas eat?")
                .add("Red pandas eat bamboo.")
                .add("Valves and turbines"));

    assertThat(product(vector(answer, 0), vector(answer, 1)))
        .isGreaterThan(product(vector(answer, 0), vector(answer, 2)) + 0.3);
  }

  @Test
  void shortensVectorsOnRequest() {
    try (var short_ = ollama.post("/api/embed", request("a b c").put("dimensions", 8).encode())) {
      var vector = vector(new JsonObject(short_.body()), 0);

      assertThat(vector).hasSize(8);
      assertThat(product(vector, vector)).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void loadsTheModelForNoInput() {
    try (var loaded = ollama.post("/api/embed", new JsonObject().put("model", MODEL).encode())) {
      assertThat(loaded.body()).isEqualTo("{\"model\":\"" + MODEL + "\",\"embeddings\":[]}");
      assertThat(model(ollama.state()).getInteger("slots")).isEqualTo(1);
    }
  }

  @Test
  void refusesOrCutsAnInputThatIsTooLong() {
    var longInput = request("long ".repeat(4_000));
    try (var cut = ollama.post("/api/embed", longInput.encode());
        var refused = ollama.post("/api/embed", longInput.put("truncate", false).encode())) {
      assertThat(new JsonObject(cut.body()).getInteger("prompt_eval_count")).isEqualTo(2_048);
      assertThat(refused.statusLine()).startsWith("HTTP/1.1 400");
      assertThat(refused.body())
          .isEqualTo("{\"error\":\"the input length exceeds the context length\"}");
    }
  }

  /** An embedding model has one slot, whatever the server allows (section 12). */
  @Test
  void readsOneInputAfterTheOtherAndStopsWhenTheClientLeaves() {
    ollama.close();
    ollama = with("SIMULATOR_PREFILL_TOKENS_PER_SECOND=1", "OLLAMA_NUM_PARALLEL=4");
    try (var slow = ollama.post("/api/embed", request("a").put("input", inputs(3)).encode())) {
      ollama.await(
          "two wait",
          state ->
              !state.getJsonArray("models").isEmpty() && model(state).getInteger("waiting") == 2);
      slow.close();

      ollama.await(
          "nobody waits",
          state ->
              model(state).getInteger("waiting") == 0
                  && model(state).getInteger("slots_in_use") == 0);
    }
  }

  private static JsonArray inputs(int count) {
    var inputs = new JsonArray();
    for (var i = 0; i < count; i++) {
      inputs.add("twenty characters !!".repeat(10));
    }
    return inputs;
  }

  private JsonObject embed(JsonArray inputs) {
    try (var answer = ollama.post("/api/embed", request("").put("input", inputs).encode())) {
      assertThat(answer.header("content-type")).hasValue("application/json; charset=utf-8");
      return new JsonObject(answer.body());
    }
  }

  private static JsonObject request(String input) {
    return new JsonObject().put("model", MODEL).put("input", input);
  }

  private static float[] vector(JsonObject answer, int index) {
    var numbers = answer.getJsonArray("embeddings").getJsonArray(index);
    var vector = new float[numbers.size()];
    for (var i = 0; i < vector.length; i++) {
      vector[i] = numbers.getFloat(i);
    }
    return vector;
  }

  private static double product(float[] one, float[] other) {
    var sum = 0.0;
    for (var i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
