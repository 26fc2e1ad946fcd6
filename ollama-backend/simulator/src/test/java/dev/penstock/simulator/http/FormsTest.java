package dev.penstock.simulator.http;

import static dev.penstock.simulator.http.Simulator.frames;
import static dev.penstock.simulator.http.Simulator.message;
import static dev.penstock.simulator.http.Simulator.question;
import static dev.penstock.simulator.http.Simulator.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.simulator.answer.PromptMessage;
import dev.penstock.simulator.answer.SimulatedAnswer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that are more than text: calls, formats, probabilities; and pictures in the question. */
class FormsTest {
  private static final JsonArray TOOLS =
      new JsonArray(
          """
          [{"type":"function","function":{"name":"lookup","parameters":{"type":"object",
             "properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}},
           {"type":"function","function":{"name":"now"}}]
          """);

  private static Simulator ollama;

  @BeforeAll
  static void start() {
    ollama = Simulator.with();
  }

  @AfterAll
  static void stop() {
    ollama.close();
  }

  /** ollama-api.md section 4.1: in a frame before the last, and {@code stop}. */
  @Test
  void callsTheToolsThatTheQuestionNames() {
    var asked = tools("Please lookup the weather, city=Oslo and days=3, then now.");
    try (var chat = ollama.post("/api/chat", asked.encode())) {
      var frames = frames(chat.chunks());
      var calls = frames.getFirst().getJsonObject("message").getJsonArray("tool_calls");

      assertThat(frames).hasSize(2);
      assertThat(frames.getFirst().getJsonObject("message").getString("content")).isEmpty();
      assertThat(calls).hasSize(2);
      assertThat(calls.getJsonObject(0).getString("id")).matches("call_[0-9a-z]{8}");
      assertThat(calls.getJsonObject(0).getJsonObject("function"))
          .isEqualTo(
              new JsonObject(
                  "{\"index\":0,\"name\":\"lookup\",\"arguments\":{\"city\":\"Oslo\",\"days\":3}}"));
      assertThat(calls.getJsonObject(1).getJsonObject("function").getInteger("index")).isEqualTo(1);
      assertThat(frames.getLast().getString("done_reason")).isEqualTo("stop");
      assertThat(frames.getLast().getInteger("eval_count")).isGreaterThan(10);
    }
  }

  private static JsonObject tools(String text) {
    return question(text).put("model", "gemma4:e2b").put("think", false).put("tools", TOOLS);
  }

  @Test
  void callsTheSameWhenNotStreamed() {
    try (var streamed = ollama.post("/api/chat", tools("lookup it").encode());
        var whole = ollama.post("/api/chat", tools("lookup it").put("stream", false).encode())) {
      assertThat(new JsonObject(whole.body()).getJsonObject("message").getJsonArray("tool_calls"))
          .isEqualTo(
              frames(streamed.chunks())
                  .getFirst()
                  .getJsonObject("message")
                  .getJsonArray("tool_calls"));
    }
  }

  @Test
  void answersInWordsWhatNamesNoToolAndWhatAToolHasAnswered() {
    var result = tools("lookup it");
    result
        .getJsonArray("messages")
        .add(
            message("assistant", "")
                .put("tool_calls", new JsonArray("[{\"function\":{\"name\":\"lookup\"}}]")))
        .add(message("tool", "Rain & wind").put("tool_name", "lookup"));
    try (var unnamed = ollama.post("/api/chat", tools("Look it up!").encode());
        var answered = ollama.post("/api/chat", result.encode())) {
      assertThat(text(unnamed.chunks())).isEqualTo(Simulator.answer("Look it up!").text());
      assertThat(text(answered.chunks())).startsWith("The tool says “Rain & wind”.");
    }
  }

  @Test
  void saysHowManyPicturesItSees() {
    var asked = question("What is it?");
    asked
        .getJsonArray("messages")
        .getJsonObject(0)
        .put("images", new JsonArray().add("aGVsbG8=").add("aGk="));
    try (var chat = ollama.post("/api/chat", asked.encode());
        var generate =
            ollama.post(
                "/api/generate",
                new JsonObject()
                    .put("model", Simulator.MODEL)
                    .put("prompt", "What is it?")
                    .put("stream", false)
                    .put("images", new JsonArray().add("aGVsbG8="))
                    .encode())) {
      var chunks = chat.chunks();

      assertThat(text(chunks))
          .startsWith("I see 2 picture(s) of 7 bytes.")
          .isEqualTo(
              SimulatedAnswer.of(List.of(new PromptMessage("user", "What is it?", 2, 7, "")), 0)
                  .text());
      assertThat(frames(chunks).getLast().getInteger("prompt_eval_count")).isGreaterThan(512);
      assertThat(new JsonObject(generate.body()).getString("response"))
          .startsWith("I see 1 picture(s) of 5 bytes.");
    }
  }

  @Test
  void answersInTheFormatAskedFor() {
    var schema =
        new JsonObject(
            "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\"}}}");
    try (var formed =
            ollama.post("/api/chat", question("Who? age=7").put("format", schema).encode());
        var free = ollama.post("/api/chat", question("Who?").put("format", "json").encode())) {
      var object = new JsonObject(text(formed.chunks()));

      assertThat(object.fieldNames()).containsExactly("name", "age");
      assertThat(object.getInteger("age")).isEqualTo(7);
      assertThat(new JsonObject(text(free.chunks())).getString("question")).isEqualTo("Who?");
    }
  }

  @Test
  void tellsTheProbabilityOfEveryTokenWithTheFrameThatSaysIt() {
    var asked = question("[tokens=6]").put("logprobs", true).put("top_logprobs", 2);
    try (var chat = ollama.post("/api/chat", asked.encode());
        var stopped =
            ollama.post(
                "/api/chat",
                question("[say]one two three")
                    .put("logprobs", true)
                    .put("options", new JsonObject().put("stop", new JsonArray().add("two x")))
                    .put("stream", false)
                    .encode())) {
      for (var frame : frames(chat.chunks()).subList(0, 6)) {
        var token = frame.getJsonArray("logprobs").getJsonObject(0);
        assertThat(token.getString("token"))
            .isEqualTo(frame.getJsonObject("message").getString("content"));
        assertThat(token.getDouble("logprob")).isNegative();
        assertThat(token.getJsonArray("top_logprobs")).hasSize(2);
      }
      var tokens = new ArrayList<String>();
      new JsonObject(stopped.body())
          .getJsonArray("logprobs")
          .forEach(each -> tokens.add(((JsonObject) each).getString("token")));
      assertThat(String.join("", tokens)).isEqualTo("one two three");
    }
  }
}
