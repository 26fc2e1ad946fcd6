package dev.penstock.simulator.http;

import static dev.penstock.simulator.http.Simulator.frames;
import static dev.penstock.simulator.http.Simulator.model;
import static dev.penstock.simulator.http.Simulator.question;
import static dev.penstock.simulator.http.Simulator.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.simulator.answer.SimulatedAnswer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault as a client sees it (reliability F11 to F16). */
class FaultsTest {
  private static final SimulatedAnswer ANSWER = Simulator.answer("Hello");

  @ParameterizedTest
  @CsvSource({"true,reset", "false,fin"})
  void cutsTheConnectionInsideTheBody(boolean reset, String end) {
    try (var ollama = Simulator.with()) {
      ollama.fault(
          "{\"kind\":\"cut\",\"after_tokens\":5,\"requests\":1,\"reset\":%s}".formatted(reset));
      try (var chat = ollama.chat("Hello")) {
        assertThat(text(read(chat, 5))).isEqualTo(ANSWER.text(5));
        assertThat(chat.end()).isEqualTo(end);
      }
      var state = ollama.await("the slot is free", s -> model(s).getInteger("slots_in_use") == 0);
      assertThat(state.getLong("cancels")).isZero();

      try (var next = ollama.chat("Hello")) {
        assertThat(text(next.chunks())).isEqualTo(ANSWER.text());
      }
    }
  }

  /** T-26: what was said before the cut, plus the continuation, is the answer. */
  @Test
  void goesOnAfterACutWhereItBroke() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"cut\",\"after_tokens\":9,\"requests\":1}");
      var begun = new StringBuilder();
      try (var chat = ollama.chat("Hello")) {
        begun.append(text(read(chat, 9)));
      }
      var messages =
          new JsonArray()
              .add(Simulator.message("user", "Hello"))
              .add(Simulator.message("assistant", begun.toString()));
      try (var rest = ollama.post("/api/chat", question("").put("messages", messages).encode())) {
        assertThat(begun + text(rest.chunks())).isEqualTo(ANSWER.text());
      }
    }
  }

  @Test
  void cutsTheConnectionBeforeTheHead() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"cut\"}");
      try (var chat = ollama.chat("Hello")) {
        assertThat(chat.end()).isEqualTo("reset");
      }
    }
  }

  @Test
  void endsWithAnErrorLine() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"error\",\"after_tokens\":3}");
      try (var chat = ollama.chat("Hello")) {
        var chunks = chat.chunks();

        assertThat(chunks).hasSize(4);
        assertThat(chunks.getLast())
            .isEqualTo(
                "{\"error\":\"an error was encountered while running the model: unexpected EOF\"}\n");
      }
    }
  }

  @Test
  void failsWithAStatusWhileNothingWasSent() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"error\"}");
      try (var chat = ollama.chat("Hello")) {
        assertThat(chat.statusLine()).isEqualTo("HTTP/1.1 500 Internal Server Error");
        assertThat(chat.header("content-type")).hasValue("application/json");
        assertThat(chat.header("transfer-encoding")).hasValue("chunked");
        assertThat(new JsonObject(chat.body()).getString("error"))
            .startsWith("model runner has unexpectedly stopped");
      }
    }
  }

  @Test
  void hangsBeforeTheFirstByteUntilTheClientLeaves() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"hang\"}");
      try (var chat = ollama.chat("Hello")) {
        ollama.await(
            "it holds a slot",
            state ->
                !state.getJsonArray("models").isEmpty()
                    && model(state).getInteger("slots_in_use") == 1);
        assertThat(chat.hasSentSomething()).isFalse();
      }
      ollama.await("the slot is free", state -> model(state).getInteger("slots_in_use") == 0);
    }
  }

  @Test
  void hangsForAWhileAndGoesOn() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"hang\",\"after_tokens\":2,\"for_ms\":200}");
      try (var chat = ollama.chat("Hello")) {
        var chunks = chat.chunks();

        assertThat(text(chunks)).isEqualTo(ANSWER.text());
        assertThat(between(chunks.get(1), chunks.get(2)))
            .isGreaterThanOrEqualTo(Duration.ofMillis(199));
      }
    }
  }

  /** Tokens are due by a timetable: one that came late does not make the next one later. */
  @Test
  void slowsDown() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"slow\",\"after_tokens\":2,\"tokens_per_second\":20}");
      var asked = Instant.now();
      try (var chat = ollama.chat("[tokens=5]")) {
        var chunks = chat.chunks();

        assertThat(Duration.between(asked, createdAt(chunks.get(4))))
            .isGreaterThanOrEqualTo(Duration.ofMillis(99));
      }
    }
  }

  @Test
  void sendsGarbageBetweenFrames() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"garbage\",\"after_tokens\":2,\"base64\":\"bm8gZnJhbWUK\"}");
      try (var chat = ollama.chat("Hello")) {
        var chunks = new ArrayList<>(chat.chunks());

        assertThat(chunks.remove(2)).isEqualTo("no frame\n");
        assertThat(text(chunks)).isEqualTo(ANSWER.text());
      }
    }
  }

  @Test
  void endsCleanlyWithoutTheFinalFrame() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"missing_end\"}");
      try (var chat = ollama.chat("Hello");
          var whole = ollama.post("/api/chat", question("Hello").put("stream", false).encode())) {
        var chunks = chat.chunks();

        assertThat(text(chunks)).isEqualTo(ANSWER.text());
        assertThat(frames(chunks)).noneMatch(frame -> frame.getBoolean("done"));
        assertThat(new JsonObject(whole.body()).getBoolean("done")).isFalse();
      }
    }
  }

  @Test
  void isBusy() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"busy\",\"requests\":2}");
      for (var status : new String[] {"503", "503", "200"}) {
        try (var chat = ollama.chat("Hello")) {
          assertThat(chat.statusLine()).startsWith("HTTP/1.1 " + status);
        }
      }
    }
  }

  @Test
  void meetsOnlyTheModelItIsFor() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"busy\",\"requests\":1,\"model\":\"gemma3:270m\"}");
      try (var other = ollama.chat("Hello");
          var meant =
              ollama.post("/api/chat", question("Hello").put("model", "gemma3:270m").encode())) {
        assertThat(other.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(meant.statusLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
      }
    }
  }

  @Test
  void isInForceFromTheStart() {
    try (var ollama = Simulator.with("SIMULATOR_FAULTS=[{\"kind\":\"busy\",\"requests\":1}]");
        var chat = ollama.chat("Hello")) {
      assertThat(chat.statusLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
    }
  }

  @Test
  void listsWhatIsInForceAndForgetsIt() {
    try (var ollama = Simulator.with()) {
      ollama.fault("{\"kind\":\"hang\",\"requests\":2,\"for_ms\":5}");
      ollama.chat("Hello").chunks();

      assertThat(ollama.state().getJsonArray("faults"))
          .containsExactly(
              new JsonObject("{\"kind\":\"hang\",\"after_tokens\":0,\"requests\":1,\"for_ms\":5}"));

      try (var deleted = ollama.control("DELETE /faults HTTP/1.1\r\nHost: x\r\n\r\n")) {
        assertThat(deleted.statusLine()).isEqualTo("HTTP/1.1 204 No Content");
      }
      assertThat(ollama.state().getJsonArray("faults")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|expected JSON",
        "{\"kind\":\"nap\"}|expected a fault with one of the kinds",
        "{\"kind\":\"cut\",\"tokens\":1}|expected a cut fault without \"tokens\"",
        "{\"kind\":\"cut\",\"after_tokens\":-1}|expected after_tokens as a whole number of at least 0"
      })
  void refusesAnOrderItDoesNotUnderstand(String body, String error) {
    try (var ollama = Simulator.with();
        var answer =
            ollama.control(
                "POST /faults HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(body.length(), body))) {
      assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 400 Bad Request");
      assertThat(new JsonObject(answer.body()).getString("error")).startsWith(error);
    }
  }

  private static List<String> read(RawAnswer answer, int count) {
    var chunks = new ArrayList<String>();
    for (var i = 0; i < count; i++) {
      answer.chunk().ifPresent(chunks::add);
    }
    return chunks;
  }

  private static Duration between(String earlier, String later) {
    return Duration.between(createdAt(earlier), createdAt(later));
  }

  private static Instant createdAt(String chunk) {
    return Optional.of(new JsonObject(chunk).getString("created_at"))
        .map(Instant::parse)
        .orElseThrow();
  }
}
