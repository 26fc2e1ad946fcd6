package dev.penstock.simulator.http;

import static dev.penstock.simulator.http.Simulator.frames;
import static dev.penstock.simulator.http.Simulator.message;
import static dev.penstock.simulator.http.Simulator.model;
import static dev.penstock.simulator.http.Simulator.question;
import static dev.penstock.simulator.http.Simulator.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.simulator.answer.PromptMessage;
import dev.penstock.simulator.answer.SimulatedAnswer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The streams of ollama-api.md sections 2, 4 and 5, byte by byte. */
class StreamingTest {
  @Test
  void sendsOneFrameInOneChunkPerToken() {
    var answer = Simulator.answer("Hello");
    try (var ollama = Simulator.with();
        var chat = ollama.chat("Hello")) {
      assertThat(chat.statusLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(chat.header("content-type")).hasValue("application/x-ndjson");
      assertThat(chat.header("transfer-encoding")).hasValue("chunked");
      assertThat(chat.header("date")).isPresent();
      assertThat(chat.header("content-length")).isEmpty();

      var chunks = chat.chunks();

      assertThat(chunks).allMatch(chunk -> chunk.endsWith("}\n") && chunk.indexOf('\n') > 0);
      assertThat(chunks).hasSize(answer.length() + 1);
      assertThat(text(chunks)).isEqualTo(answer.text());
      for (var k = 0; k < answer.length(); k++) {
        var frame = new JsonObject(chunks.get(k));
        assertThat(frame.getJsonObject("message").getString("content")).isEqualTo(answer.token(k));
        assertThat(frame.getBoolean("done")).isFalse();
      }
    }
  }

  @Test
  void endsWithMetricsThatAgreeWithEachOther() {
    try (var ollama =
            Simulator.with(
                "SIMULATOR_LOAD_MS=40",
                "SIMULATOR_PREFILL_TOKENS_PER_SECOND=2000",
                "SIMULATOR_TOKENS_PER_SECOND=1000");
        var chat = ollama.chat("[tokens=50] " + "long ".repeat(60))) {
      var end = frames(chat.chunks()).getLast();

      assertThat(end.getBoolean("done")).isTrue();
      assertThat(end.getString("done_reason")).isEqualTo("stop");
      assertThat(end.getInteger("eval_count")).isEqualTo(50);
      assertThat(end.getInteger("prompt_eval_count")).isBetween(80, 110);
      assertThat(end.getLong("load_duration")).isGreaterThanOrEqualTo(40_000_000);
      assertThat(end.getLong("prompt_eval_duration")).isGreaterThanOrEqualTo(40_000_000);
      assertThat(end.getLong("eval_duration")).isGreaterThanOrEqualTo(49_000_000);
      assertThat(end.getLong("prompt_eval_duration") % 1000).isZero();
      assertThat(end.getLong("eval_duration") % 1000).isZero();
      assertThat(end.getLong("total_duration"))
          .isGreaterThanOrEqualTo(
              end.getLong("load_duration")
                  + end.getLong("prompt_eval_duration")
                  + end.getLong("eval_duration")
                  - 1000);
    }
  }

  /** Section 13: what a slot has read and said it need not read again, but it is counted. */
  @Test
  void readsOnlyWhatIsNewOfAConversationThatGoesOn() {
    try (var ollama =
        Simulator.with("OLLAMA_NUM_PARALLEL=1", "SIMULATOR_PREFILL_TOKENS_PER_SECOND=100000")) {
      var question = Simulator.message("user", "[tokens=40] " + "long ".repeat(400));
      String answer;
      long firstPrompt;
      try (var chat = ollama.post("/api/chat", chat(question))) {
        var chunks = chat.chunks();
        answer = text(chunks);
        firstPrompt = frames(chunks).getLast().getInteger("prompt_eval_count");
      }
      assertThat(model(ollama.state()).getLong("cached_tokens")).isZero();

      try (var next =
          ollama.post(
              "/api/chat",
              chat(
                  question,
                  Simulator.message("assistant", answer),
                  Simulator.message("user", "And then?")))) {
        var end = frames(next.chunks()).getLast();

        var prompt = end.getInteger("prompt_eval_count");
        assertThat(prompt).isGreaterThan((int) firstPrompt);
        var read = prompt - model(ollama.state()).getLong("cached_tokens");
        assertThat(read).isBetween(1L, 40L);
      }
    }
  }

  private static String chat(JsonObject... messages) {
    return question("").put("messages", new JsonArray(List.of(messages))).encode();
  }

  @Test
  void sendsNoByteBeforeTheFirstFrame() {
    try (var ollama = Simulator.with("OLLAMA_NUM_PARALLEL=1");
        var first = ollama.post("/api/chat", question("[tokens=3] [rate=1]").encode())) {
      first.chunk();
      var second = ollama.chat("second");
      ollama.await("the second waits", state -> model(state).getInteger("waiting") == 1);

      assertThat(second.hasSentSomething()).isFalse();

      first.close();
      assertThat(text(second.chunks())).isEqualTo(Simulator.answer("second").text());
      second.close();
    }
  }

  @Test
  void echoesTheNameOfTheModelAsItWasAsked() {
    try (var ollama = Simulator.with();
        var chat =
            ollama.post("/api/chat", question("[tokens=1]").put("model", "Gemma3:4B").encode())) {
      assertThat(frames(chat.chunks()))
          .allMatch(frame -> frame.getString("model").equals("Gemma3:4B"));
    }
  }

  @Test
  void answersInOneObjectWhenNotStreamed() {
    try (var ollama = Simulator.with();
        var chat = ollama.post("/api/chat", question("Hello").put("stream", false).encode())) {
      assertThat(chat.header("content-type")).hasValue("application/json; charset=utf-8");

      var whole = new JsonObject(chat.body());

      assertThat(whole.getJsonObject("message").getString("content"))
          .isEqualTo(Simulator.answer("Hello").text());
      assertThat(whole.getBoolean("done")).isTrue();
      assertThat(whole.getInteger("eval_count")).isEqualTo(Simulator.answer("Hello").length());
    }
  }

  @Test
  void cutsTheAnswerAtNumPredict() {
    try (var ollama = Simulator.with();
        var chat = ollama.post("/api/chat", options("Hello", "num_predict", 7))) {
      var chunks = chat.chunks();

      assertThat(text(chunks)).isEqualTo(Simulator.answer("Hello").text(7));
      assertThat(frames(chunks).getLast().getString("done_reason")).isEqualTo("length");
      assertThat(frames(chunks).getLast().getInteger("eval_count")).isEqualTo(7);
    }
  }

  @Test
  void endsBeforeAStopString() {
    try (var ollama = Simulator.with();
        var chat =
            ollama.post(
                "/api/chat",
                options("[say] one two three", "stop", new JsonArray().add("x").add(" three")))) {
      var chunks = chat.chunks();

      assertThat(text(chunks)).isEqualTo("one two");
      assertThat(frames(chunks).getLast().getString("done_reason")).isEqualTo("stop");
    }
  }

  @Test
  void saysSomethingElseUnderAnotherSeed() {
    try (var ollama = Simulator.with("SIMULATOR_SEED=5");
        var chat = ollama.chat("Hello");
        var seeded = ollama.post("/api/chat", options("Hello", "seed", 6))) {
      var hello = List.of(PromptMessage.user("Hello"));

      assertThat(text(chat.chunks())).isEqualTo(SimulatedAnswer.of(hello, 5).text());
      assertThat(text(seeded.chunks())).isEqualTo(SimulatedAnswer.of(hello, 6).text());
    }
  }

  @Test
  void escapesWhatGoEscapes() {
    try (var ollama = Simulator.with();
        var chat = ollama.chat("[say]<é>")) {
      assertThat(String.join("", chat.chunks()))
          .contains("\"content\":\"\\u003c\"", "\"content\":\"é\"", "\"content\":\"\\u003e\"");
    }
  }

  @Test
  void thinksFirstUnlessToldNotTo() {
    var question = question("Hello").put("model", "gemma4:e2b");
    try (var ollama = Simulator.with();
        var thinking = ollama.post("/api/chat", question.encode());
        var direct = ollama.post("/api/chat", question.put("think", false).encode())) {
      var thoughts = new StringBuilder();
      var chunks = thinking.chunks();
      frames(chunks)
          .forEach(f -> thoughts.append(f.getJsonObject("message").getString("thinking", "")));

      assertThat(thoughts.toString())
          .isEqualTo(SimulatedAnswer.thoughtsOn(List.of(PromptMessage.user("Hello")), 0).text());
      assertThat(text(chunks)).isEqualTo(Simulator.answer("Hello").text());
      assertThat(String.join("", direct.chunks())).doesNotContain("thinking");
    }
  }

  /** T-24, for the model that continues. */
  @Test
  void goesOnWithATrailingAssistantMessage() {
    var whole = Simulator.answer("Hello");
    try (var ollama = Simulator.with();
        var chat = ollama.post("/api/chat", trailing(Simulator.MODEL, whole.text(11)))) {
      assertThat(whole.text(11) + text(chat.chunks())).isEqualTo(whole.text());
    }
  }

  /** T-24, for the model that does not. */
  @Test
  void startsANewAnswerAfterATrailingAssistantMessage() {
    var whole = Simulator.answer("Hello");
    try (var ollama = Simulator.with();
        var chat = ollama.post("/api/chat", trailing("gemma4:e2b", whole.text(11)))) {
      assertThat(text(chat.chunks())).contains("second");
    }
  }

  @Test
  void streamsGenerateWithTheTokensOfPromptAndAnswer() {
    var request = new JsonObject().put("model", Simulator.MODEL).put("prompt", "[tokens=4]");
    try (var ollama = Simulator.with();
        var generate = ollama.post("/api/generate", request.encode());
        var raw = ollama.post("/api/generate", request.put("raw", true).encode())) {
      var frames = frames(generate.chunks());
      var text = new StringBuilder();
      frames.forEach(frame -> text.append(frame.getString("response")));
      var end = frames.getLast();

      assertThat(text.toString()).isEqualTo(Simulator.answer("[tokens=4]").text());
      assertThat(end.getJsonArray("context"))
          .hasSize(end.getInteger("prompt_eval_count") + end.getInteger("eval_count"));
      assertThat(frames(raw.chunks()).getLast().containsKey("context")).isFalse();
    }
  }

  @Test
  void keepsTheConnectionForTheNextRequest() {
    var body = question("[tokens=1]").put("stream", false).encode();
    var chat =
        "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    var version = "GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    try (var ollama = Simulator.with();
        var both = RawAnswer.to(ollama.port(), chat + version)) {
      assertThat(both.body()).contains("\"done\":true");
      assertThat(both.end()).isEqualTo("fin");
    }
  }

  private static String options(String text, String name, Object value) {
    return question(text).put("options", new JsonObject().put(name, value)).encode();
  }

  private static String trailing(String model, String begun) {
    return question("Hello")
        .put("model", model)
        .put("think", false)
        .put(
            "messages",
            new JsonArray().add(message("user", "Hello")).add(message("assistant", begun)))
        .encode();
  }
}
