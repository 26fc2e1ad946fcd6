package dev.penstock.simulator.http;

import static dev.penstock.simulator.http.Simulator.frames;
import static dev.penstock.simulator.http.Simulator.model;
import static dev.penstock.simulator.http.Simulator.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slots, loads and cancels of ollama-api.md sections 8, 11 and 12, over the wire. */
class SchedulingTest {
  private static final String FOREVER = "[tokens=1000] [rate=1]";

  @Test
  void runsAsManyGenerationsAsThereAreSlots() {
    try (var ollama = Simulator.with("OLLAMA_NUM_PARALLEL=2");
        var one = ollama.chat(FOREVER);
        var two = ollama.chat(FOREVER);
        var three = ollama.chat(FOREVER)) {
      one.chunk();
      two.chunk();

      var model =
          model(
              ollama.await(
                  "one waits",
                  state ->
                      state.getJsonArray("models").size() == 1
                          && model(state).getInteger("waiting") == 1));

      assertThat(model.getInteger("slots")).isEqualTo(2);
      assertThat(model.getInteger("slots_in_use")).isEqualTo(2);
      assertThat(three.hasSentSomething()).isFalse();
    }
  }

  @Test
  void lendsSlotsInOrderOfArrival() {
    try (var ollama = Simulator.with("OLLAMA_NUM_PARALLEL=1");
        var first = ollama.chat(FOREVER)) {
      first.chunk();
      var waiting = new ArrayList<RawAnswer>();
      for (var i = 1; i <= 5; i++) {
        waiting.add(ollama.chat("[tokens=2] number " + i));
        var expected = i;
        ollama.await(i + " wait", state -> model(state).getInteger("waiting") == expected);
      }
      // One that gives up must not disturb the order.
      waiting.remove(2).close();
      ollama.await("one gave up", state -> model(state).getInteger("waiting") == 4);

      first.close();

      var starts =
          waiting.stream()
              .map(answer -> frames(answer.chunks()).getFirst().getString("created_at"))
              .map(Instant::parse)
              .toList();
      assertThat(starts).isSortedAccordingTo(Comparator.naturalOrder());
      waiting.forEach(RawAnswer::close);
    }
  }

  @Test
  void freesTheSlotAndCountsTheCancelWhenTheClientLeaves() {
    try (var ollama = Simulator.with("OLLAMA_NUM_PARALLEL=1");
        var chat = ollama.chat(FOREVER)) {
      chat.chunk();
      var before = Instant.now();
      chat.close();

      var state = ollama.await("the slot is free", s -> model(s).getInteger("slots_in_use") == 0);

      assertThat(state.getLong("cancels")).isEqualTo(1);
      var cancel = state.getJsonArray("last_cancels").getJsonObject(0);
      assertThat(Instant.parse(cancel.getString("at"))).isBetween(before, Instant.now());
      assertThat(cancel.getString("phase")).isEqualTo("decoding");
      assertThat(cancel.getInteger("tokens")).isEqualTo(1);
    }
  }

  /** Section 11: a client that closes its sending side has left. */
  @Test
  void takesAHalfClosedConnectionForOneThatIsGone() {
    try (var ollama = Simulator.with();
        var chat = ollama.chat(FOREVER)) {
      chat.chunk();
      chat.stopSending();

      ollama.await("it is cancelled", state -> state.getLong("cancels") == 1);
    }
  }

  @Test
  void countsNoCancelWhenTheClientLeavesAfterTheEnd() {
    try (var ollama = Simulator.with();
        var chat = ollama.chat("[tokens=3]")) {
      chat.chunks();
      chat.close();

      var state = ollama.state();
      assertThat(state.getLong("answers")).isEqualTo(1);
      assertThat(state.getLong("cancels")).isZero();
    }
  }

  /** Section 0, item 2: the limit is on loads; a loaded model queues without one. */
  @Test
  void refusesWithTwoSpacesWhenTooManyWaitForALoad() {
    try (var ollama =
        Simulator.with("OLLAMA_NUM_PARALLEL=1", "OLLAMA_MAX_QUEUE=2", "SIMULATOR_LOAD_MS=60000")) {
      var patient = new ArrayList<RawAnswer>();
      for (var i = 0; i < 3; i++) {
        patient.add(ollama.chat("cold"));
        var expected = i;
        ollama.await("queued", state -> state.getInteger("waiting_for_load") == expected);
      }

      try (var refused = ollama.chat("cold")) {
        assertThat(refused.statusLine()).isEqualTo("HTTP/1.1 503 Service Unavailable");
        assertThat(refused.header("content-type")).hasValue("application/json; charset=utf-8");
        assertThat(refused.header("retry-after")).isEmpty();
        assertThat(refused.body())
            .isEqualTo(
                "{\"error\":\"server busy, please try again.  maximum pending requests exceeded\"}");
      }
      assertThat(patient).noneMatch(RawAnswer::hasSentSomething);
      patient.forEach(RawAnswer::close);
    }
  }

  @Test
  void queuesWithoutBoundForALoadedModel() {
    try (var ollama = Simulator.with("OLLAMA_NUM_PARALLEL=1", "OLLAMA_MAX_QUEUE=0");
        var first = ollama.chat(FOREVER)) {
      first.chunk();
      var waiting = new ArrayList<RawAnswer>();
      for (var i = 0; i < 20; i++) {
        waiting.add(ollama.chat("[tokens=1]"));
      }

      ollama.await("all wait", state -> model(state).getInteger("waiting") == 20);
      waiting.forEach(RawAnswer::close);
    }
  }

  @Test
  void givesTheLoadUpWhenTheClientThatCausedItLeaves() {
    try (var ollama = Simulator.with("SIMULATOR_LOAD_MS=60000");
        var first = ollama.chat("cold")) {
      ollama.await("it loads", state -> Simulator.MODEL.equals(state.getString("loading")));
      first.close();

      var state = ollama.await("it stopped", s -> s.getString("loading") == null);
      assertThat(state.getJsonArray("models")).isEmpty();
      assertThat(state.getJsonArray("last_cancels").getJsonObject(0).getString("phase"))
          .isEqualTo("loading");
    }
  }

  @Test
  void loadsOneModelAtATimeWhileLoadedOnesAnswer() {
    try (var ollama = Simulator.with("SIMULATOR_LOAD_MS=150");
        var warm = ollama.chat("[tokens=1]")) {
      warm.chunks();
      var models = List.of("gemma3:270m", "gemma4:e2b");
      var cold =
          models.stream()
              .map(name -> question("[tokens=1]").put("model", name))
              .map(question -> ollama.post("/api/chat", question.encode()))
              .toList();
      ollama.await("one waits", state -> state.getInteger("waiting_for_load") == 1);

      try (var again = ollama.chat("[tokens=1]")) {
        assertThat(again.chunks()).hasSize(2);
        assertThat(ollama.state().getString("loading")).isNotNull();
      }
      var loads =
          cold.stream()
              .map(answer -> frames(answer.chunks()).getLast().getLong("load_duration"))
              .toList();
      assertThat(loads.get(0)).isGreaterThanOrEqualTo(150_000_000);
      assertThat(loads.get(1)).isGreaterThanOrEqualTo(300_000_000 - 20_000_000);
      cold.forEach(RawAnswer::close);
    }
  }

  @Test
  void unloadsOnlyWhenTheLastUserHasLeft() {
    try (var ollama = Simulator.with();
        var running = ollama.chat(FOREVER)) {
      running.chunk();

      try (var unload = ollama.post("/api/chat", "{\"model\":\"gemma3:4b\",\"keep_alive\":0}")) {
        assertThat(unload.body()).contains("\"unload\"");
      }
      assertThat(ollama.state().getJsonArray("models")).hasSize(1);

      running.close();
      ollama.await("it is unloaded", state -> state.getJsonArray("models").isEmpty());
    }
  }

  @Test
  void waitsForAClientThatReadsSlowly() {
    try (var ollama = Simulator.with("SIMULATOR_TOKENS_PER_SECOND=1000000");
        var chat = ollama.chat("[tokens=60000]")) {
      chat.chunk();
      ollama.await("it has begun", state -> model(state).getInteger("slots_in_use") == 1);

      // The rest is more than every socket buffer on the way holds.
      assertThat(ollama.state().getLong("answers")).isZero();
      assertThat(chat.chunks()).hasSize(60_000);
    }
  }
}
