package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.Role;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting for a slot, over real HTTP (design section 7, reliability.md section 3). */
class QueueTest {
  private static final Vertx VERTX = Vertx.vertx();

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    proxy = ProxyDriver.start(Map.of("PENSTOCK_QUEUE_PER_SLOT", "3"), ollama);
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    ollama.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void tellsAPlaceInTheQueueAndEveryChangeOfIt() {
    proxy.generate();
    var running = ollama.awaitChat();
    var second = proxy.generate();
    assertThat(second.next(Queued.class).place().position()).isEqualTo(1);
    var third = proxy.generate();

    var place = third.next(Queued.class).place();
    assertThat(place.reason()).isEqualTo(QueueReason.SLOTS);
    assertThat(place.position()).isEqualTo(2);
    assertThat(place.expectedWaitMs()).isPositive();
    running.finishes();
    running = ollama.awaitChat();
    assertThat(third.next(Queued.class).place().position()).isEqualTo(1);

    running.finishes();
    ollama.awaitChat().says("third").finishes();
    third.awaitText("third").next(Finished.class);
  }

  /** Fault matrix F35: a refusal at the door is a status, and says when to come back. */
  @Test
  void refusesWith429WhenTheQueueIsFull() {
    proxy.generate();
    var running = ollama.awaitChat();
    var waiting = new ArrayList<Call>();
    for (var i = 0; i < 3; i++) {
      var call = proxy.generate();
      call.next(Queued.class);
      waiting.add(call);
    }

    var refused = proxy.generate();

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().getString("code")).isEqualTo("queue_full");
    assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 30);
    assertThat(refused.json().getLong("retry_after_ms")).isBetween(1_000L, 30_000L);
    waiting.forEach(Call::leave);
    running.finishes();
  }

  /** turns.md T-7. */
  @Test
  void refusesAtItsDeadlineWhatStillWaits() {
    proxy.generate();
    var running = ollama.awaitChat();

    var late = proxy.generate(ProxyDriver.withDeadline(1_000));

    assertThat(late.next(Queued.class).place().position()).isEqualTo(1);
    assertThat(late.next(Failed.class).failure().code()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
    running.finishes();
  }

  @Test
  void refusesAtTheDoorWhatWouldWaitBeyondItsDeadline() {
    for (var i = 0; i < 3; i++) {
      var call = proxy.generate();
      var chat = ollama.awaitChat().says("x");
      call.awaitText("x");
      Await.pause(1_000);
      chat.finishes();
      call.next(Finished.class);
    }
    proxy.generate();
    var running = ollama.awaitChat();

    var refused = proxy.generate(ProxyDriver.withDeadline(800));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().getString("code")).isEqualTo("queue_full");
    running.finishes();
  }

  @Test
  void failsWhatStreamsPastItsDeadline() {
    var call = proxy.generate(ProxyDriver.withDeadline(1_500));
    var chat = ollama.awaitChat().says("Bam");
    call.awaitText("Bam");

    assertThat(call.next(Failed.class).failure().code()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
    chat.awaitCancelled();
  }

  /** turns.md T-27. */
  @Test
  void letsTheMoreUrgentGoFirst() {
    proxy.generate();
    var running = ollama.awaitChat();
    var order = new ArrayList<String>();
    var calls = new ArrayList<Call>();
    for (var priority : List.of(Priority.BATCH, Priority.INTERACTIVE, Priority.CONTINUATION)) {
      var call = proxy.generate(of(priority));
      call.next(Queued.class);
      calls.add(call);
    }

    for (var i = 0; i < calls.size(); i++) {
      running.finishes();
      running = ollama.awaitChat();
      order.add(running.body().getJsonArray("messages").getJsonObject(0).getString("content"));
    }
    running.finishes();

    assertThat(order).containsExactly("CONTINUATION", "INTERACTIVE", "BATCH");
  }

  @Test
  void usesEverySlotOfEveryModelServer() {
    var other = FakeOllama.startLoaded(VERTX);
    var settings = Map.of("OLLAMA_NUM_PARALLEL", "2");
    try (var two = ProxyDriver.start(settings, ollama, other).knowingItsUpstreams()) {
      for (var i = 0; i < 4; i++) {
        two.generate();
      }
      Await.until(() -> two.gauge("chat_slots_in_use") == 4, "every slot to be lent");
      var waits = two.generate();

      assertThat(waits.next(Queued.class).place().position()).isEqualTo(1);
      assertThat(two.gauge("chat_slots")).isEqualTo(4);
      for (var server : List.of(ollama, ollama, other, other)) {
        server.awaitChat().finishes();
      }
      Await.until(() -> ollama.hasChat() || other.hasChat(), "the fifth chat");
      (ollama.hasChat() ? ollama : other).awaitChat().finishes();
      waits.finish();
      two.awaitIdle();
    } finally {
      other.close();
    }
  }

  /** turns.md T-39: the model is loaded by a request of the proxy's own, before the first chat. */
  @Test
  void loadsAModelOnceForAllWhoWaitForItAndSaysSo() {
    var cold = FakeOllama.start(VERTX);
    var gate = cold.loadsSlowly();
    try (var two = ProxyDriver.start(Map.of("OLLAMA_NUM_PARALLEL", "2"), cold)) {
      var first = two.generate();
      var second = two.generate();

      assertThat(first.next(Queued.class).place())
          .extracting(QueuePlace::reason, QueuePlace::position)
          .containsExactly(QueueReason.LOADING, 1);
      assertThat(second.next(Queued.class).place().reason()).isEqualTo(QueueReason.LOADING);
      assertThat(two.get("/models").getJsonArray("data").getJsonObject(0).getString("state"))
          .isEqualTo("loading");
      gate.complete();
      cold.awaitChat().says("x").finishes();
      cold.awaitChat().says("x").finishes();

      assertThat(first.awaitText("x").next(Finished.class).timings().loadMs()).isPositive();
      second.awaitText("x").next(Finished.class);
      assertThat(cold.loads()).hasSize(1);
      two.awaitIdle();
    } finally {
      cold.close();
    }
  }

  private static GenerationRequest of(Priority priority) {
    var base = ProxyDriver.request();
    return new GenerationRequest(
        base.tenant(),
        null,
        base.model(),
        List.of(new ChatMessage(Role.USER, priority.name())),
        base.options(),
        false,
        priority,
        60_000);
  }
}
