package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.QueueReason;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that leaves, in every phase, as the model server sees it (T-39, fault matrix F19). */
class CancellationTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration LIMIT = Duration.ofMillis(100);

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.start(VERTX);
    proxy = ProxyDriver.start(Map.of(), ollama);
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
  void closesTheModelsConnectionInPrefillWithin100Ms() {
    var quickest =
        Await.quickestOfFive(
            () -> {
              var call = proxy.generate();
              var chat = ollama.awaitChat();
              var left = call.leave();
              return chat.awaitCancelled() - left;
            });

    assertThat(quickest).isLessThan(LIMIT);
  }

  @Test
  void closesTheModelsConnectionInDecodeWithin100Ms() {
    var quickest =
        Await.quickestOfFive(
            () -> {
              var call = proxy.generate();
              var chat = ollama.awaitChat().says("Bam");
              call.awaitText("Bam");
              var left = call.leave();
              return chat.awaitCancelled() - left;
            });

    assertThat(quickest).isLessThan(LIMIT);
  }

  @Test
  void neverSendsWhatWasCancelledInTheQueue() {
    var first = proxy.generate();
    var chat = ollama.awaitChat();
    var second = proxy.generate();
    assertThat(second.next(Queued.class).place().position()).isEqualTo(1);

    second.leave();
    Await.until(() -> proxy.gauge("chat_queue_depth") == 0, "the queue to be empty");
    chat.says("Bamboo").finishes();

    first.awaitText("Bamboo").next(Finished.class);
    proxy.awaitIdle();
    assertThat(ollama.chatCount()).isEqualTo(1);
  }

  @Test
  void freesTheSlotButEndsTheLoadWhenTheCallerLeavesDuringIt() {
    var gate = ollama.loadsSlowly();
    var call = proxy.generate();
    assertThat(call.next(Queued.class).place().reason()).isEqualTo(QueueReason.LOADING);

    call.leave();
    proxy.awaitIdle();
    assertThat(ollama.loads()).hasSize(1);
    gate.complete();
    Await.until(() -> ollama.hasLoaded("gemma3:1b"), "the load to end");

    var next = proxy.generate();
    ollama.awaitChat().says("Bamboo").finishes();
    next.awaitText("Bamboo").next(Finished.class);
    assertThat(ollama.loads()).as("it is loaded once").hasSize(1);
    assertThat(ollama.chatCount()).as("the cancelled one is never sent").isEqualTo(1);
  }

  @Test
  void readsToTheEndWhatIsAlmostOver() {
    var call = proxy.generate(ProxyDriver.request(GenerationOptions.NONE.withMaxTokens(30)));
    var chat = ollama.awaitChat();
    for (var i = 0; i < 11; i++) {
      chat.says("x");
    }
    call.awaitText("xxxxxxxxxxx");

    call.leave();
    for (var i = 11; i < 30; i++) {
      chat.says("x");
    }
    assertThat(proxy.gauge("chat_slots_in_use")).isEqualTo(1);
    chat.finishes("length", 1, 30);

    proxy.awaitIdle();
    assertThat(chat.isCancelled()).isFalse();
  }

  /** A model server that does not keep to its budget must not keep a slot for nobody. */
  @Test
  void readsNoLongerThanToTheDeadlineWhatNeverEnds() {
    var base = ProxyDriver.withDeadline(2_000);
    var call =
        proxy.generate(
            new GenerationRequest(
                base.tenant(),
                base.conversation(),
                base.model(),
                base.messages(),
                GenerationOptions.NONE.withMaxTokens(5),
                false,
                base.priority(),
                base.deadlineMs()));
    var chat = ollama.awaitChat().says("x");
    call.awaitText("x");

    call.leave();

    Await.until(
        () -> {
          chat.says("x");
          Await.pause(20);
          return chat.isCancelled();
        },
        "the model server to see the connection closed");
  }

  @Test
  void closesWhatHasTwentyTokensOfBudgetLeft() {
    var call = proxy.generate(ProxyDriver.request(GenerationOptions.NONE.withMaxTokens(21)));
    var chat = ollama.awaitChat().says("x");
    call.awaitText("x");

    call.leave();

    chat.awaitCancelled();
  }

  @Test
  void lendsTheFreedSlotToTheNextInLine() {
    var first = proxy.generate();
    var chat = ollama.awaitChat();
    assertThat(first.next(Started.class)).isNotNull();
    var second = proxy.generate();
    second.next(Queued.class);

    first.leave();
    chat.awaitCancelled();

    ollama.awaitChat().says("Bamboo").finishes();
    second.awaitText("Bamboo").next(Finished.class);
  }
}
