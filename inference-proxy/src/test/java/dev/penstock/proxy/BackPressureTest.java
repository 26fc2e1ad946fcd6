package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.GenerationEvent.Finished;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that does not read (turns.md T-37, fault matrix F20). */
class BackPressureTest {
  private static final Vertx VERTX = Vertx.vertx();
  // More than all buffers between the model server and the caller hold.
  private static final int ENOUGH = 1_000;
  private static final String TEXT = "0123456789".repeat(1_000);

  private FakeOllama ollama;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
  }

  @AfterEach
  void end() {
    ollama.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void holdsTheModelBackAndLosesNothing() {
    try (var proxy = ProxyDriver.start(Map.of(), ollama)) {
      var call = proxy.generate();
      var chat = ollama.awaitChat().says("x");
      call.awaitText("x").stopsReading();

      var sent = 0;
      while (!chat.isBlocked()) {
        assertThat(sent).as("10 KB lines until the model's socket is full").isLessThan(ENOUGH);
        chat.says(TEXT);
        sent++;
      }
      Await.pause(300);
      assertThat(chat.isBlocked()).isTrue();
      call.readsOn();

      call.awaitText(TEXT.repeat(sent));
      chat.finishes();
      call.next(Finished.class);
      proxy.awaitIdle();
    }
  }

  @Test
  void cancelsTheGenerationOfACallerThatDoesNotReadAtAll() {
    try (var proxy = ProxyDriver.start(Map.of("PENSTOCK_STALL_TIMEOUT_MS", "500"), ollama)) {
      var call = proxy.generate();
      var chat = ollama.awaitChat().says("x");
      call.awaitText("x").stopsReading();
      for (var sent = 0; !chat.isBlocked() && sent < ENOUGH; sent++) {
        chat.says(TEXT);
      }

      chat.awaitCancelled();

      proxy.awaitIdle();
      call.readsOn();
      assertThat(call.endsCleanly()).as("what was torn does not pass for whole").isFalse();
    }
  }
}
