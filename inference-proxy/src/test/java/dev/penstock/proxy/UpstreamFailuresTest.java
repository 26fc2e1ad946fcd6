package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What model servers do wrong, over real HTTP (fault matrix F11, F12, F14–F16; SSE-32, SSE-35). */
class UpstreamFailuresTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "PENSTOCK_FIRST_TOKEN_TIMEOUT_MS", "700",
          "PENSTOCK_BETWEEN_TOKENS_TIMEOUT_MS", "700");

  private FakeOllama ollama;
  private FakeOllama other;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    other = FakeOllama.startLoaded(VERTX);
    proxy = ProxyDriver.start(Map.of(), ollama);
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    ollama.close();
    other.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  static Stream<Arguments> breaks() {
    return Stream.of(
        broken("a clean end without the last line", c -> c.ends(), FailureCode.UPSTREAM_TRUNCATED),
        broken(
            "an error line",
            c -> c.sends("{\"error\":\"an error was encountered\"}\n").ends(),
            FailureCode.UPSTREAM_FAILED),
        broken("a reset", c -> c.resets(), FailureCode.UPSTREAM_FAILED),
        broken("garbage", c -> c.sends("<html>\n"), FailureCode.UPSTREAM_PROTOCOL),
        broken(
            "a line over 1 MiB",
            c -> c.sends("x".repeat(1024 * 1024 + 1)),
            FailureCode.UPSTREAM_PROTOCOL));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  void tellsHowAnAnswerBroke(String name, Consumer<FakeOllama.Chat> fault, FailureCode code) {
    var call = proxy.generate();
    var chat = ollama.awaitChat().says("Bam");
    call.awaitText("Bam");

    fault.accept(chat);

    assertThat(call.next(Failed.class).failure().code()).isEqualTo(code);
    assertThat(call.endsCleanly()).isTrue();
    assertThat(ollama.chatCount()).as("nothing is retried after the first delta").isEqualTo(1);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(
            400, "the prompt is longer than the context length", 400, "context_length_exceeded"),
        Arguments.of(404, "model 'gemma3:1b' not found", 404, "model_not_found"),
        Arguments.of(400, "invalid think value", 400, "invalid_request"),
        Arguments.of(500, "model runner has unexpectedly stopped", 502, "upstream_failed"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void givesARefusalBeforeTheFirstTokenItsOwnStatus(
      int status, String error, int expectedStatus, String code) {
    try (var patient = ProxyDriver.startHoldingBack(ollama)) {
      var call = patient.generate();
      ollama.awaitChat().refuses(status, error);

      assertThat(call.status()).isEqualTo(expectedStatus);
      assertThat(call.json().getString("code")).isEqualTo(code);
      assertThat(call.text()).doesNotContain("127.0.0.1", error);
      patient.awaitIdle();
    }
  }

  @Test
  void tellsALateRefusalAsAnEvent() {
    var call = proxy.generate();
    var chat = ollama.awaitChat();
    assertThat(call.next()).isInstanceOf(Started.class);

    chat.refuses(400, "exceeds the available context size");

    assertThat(call.next(Failed.class).failure().code())
        .isEqualTo(FailureCode.CONTEXT_LENGTH_EXCEEDED);
  }

  @Test
  void givesUpOnAModelThatDoesNotBeginToAnswer() {
    try (var impatient = ProxyDriver.start(IMPATIENT, ollama)) {
      var call = impatient.generate();
      var chat = ollama.awaitChat();

      assertThat(call.next(Started.class).model()).isEqualTo("gemma3:1b");
      assertThat(call.next(Failed.class).failure().code()).isEqualTo(FailureCode.UPSTREAM_TIMEOUT);
      chat.awaitCancelled();
      impatient.awaitIdle();
    }
  }

  @Test
  void givesUpOnAModelThatFallsSilentInItsAnswer() {
    try (var impatient = ProxyDriver.start(IMPATIENT, ollama)) {
      var call = impatient.generate();
      var chat = ollama.awaitChat().says("Bam");
      call.awaitText("Bam");

      assertThat(call.next(Failed.class).failure().code()).isEqualTo(FailureCode.UPSTREAM_TIMEOUT);
      chat.awaitCancelled();
      impatient.awaitIdle();
    }
  }

  @Test
  void finishesThoughTheModelServerNeverEndsItsResponse() {
    var call = proxy.generate();
    var chat = ollama.awaitChat().says("Bamboo");

    chat.sends("{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n");

    assertThat(call.awaitText("Bamboo").next(Finished.class)).isNotNull();
    chat.awaitCancelled();
  }

  /**
   * The backend's own 503 is "no slot" and goes back to the head of the queue (design section 5).
   */
  @Test
  void goesBackToTheHeadOfTheQueueWhenTheModelServerHasNoSlot() {
    var first = proxy.generate();
    var busy = ollama.awaitChat();
    var second = proxy.generate();
    second.next(Queued.class);

    busy.refuses(503, "server busy, please try again.  maximum pending requests exceeded");
    var again = ollama.awaitChat();
    again.says("first").finishes();
    first.awaitText("first").next(Finished.class);
    ollama.awaitChat().says("second").finishes();
    second.awaitText("second").next(Finished.class);

    assertThat(ollama.chatCount()).isEqualTo(3);
  }

  @Test
  void triesOnceMoreWhenAConnectionEndsBeforeTheAnswer() {
    var call = proxy.generate();

    ollama.awaitChat().resets();
    ollama.awaitChat().says("Bamboo").finishes();

    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void refusesWith503WhenNoModelServerCanBeReachedAndRecoversWhenOneReturns() {
    ollama.goDown();

    var refused = proxy.generate();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().getString("code")).isEqualTo("no_capacity");
    assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 30);

    ollama.comeBack();
    untilAnswered(proxy, ollama);
  }

  @Test
  void startsThoughNoModelServerAnswersAndFindsItLater() {
    other.goDown();
    try (var early = ProxyDriver.start(Map.of(), other)) {
      assertThat(early.generate().status()).isEqualTo(503);
      assertThat(early.get("/health").getJsonObject("dependencies").getString("ollama-1"))
          .isEqualTo("unhealthy");

      other.comeBack();
      untilAnswered(early, other);
      early.awaitIdle();
    }
  }

  @Test
  void asksAnotherModelServerBeforeTheFirstDelta() {
    try (var two = ProxyDriver.start(Map.of(), ollama, other).knowingItsUpstreams()) {
      var call = two.generate();
      var chat = firstChat();
      chat.refuses(500, "model runner has unexpectedly stopped");

      var next = firstChat();
      next.says("Bamboo").finishes();

      call.awaitText("Bamboo").next(Finished.class);
      assertThat(ollama.chatCount()).isEqualTo(1);
      assertThat(other.chatCount()).isEqualTo(1);
      two.awaitIdle();
    }
  }

  @Test
  void goesPastAModelServerThatIsDown() {
    try (var two = ProxyDriver.start(Map.of(), ollama, other).knowingItsUpstreams()) {
      ollama.goDown();
      for (var i = 0; i < 3; i++) {
        var call = two.generate();
        other.awaitChat().says("Bamboo").finishes();
        call.awaitText("Bamboo").next(Finished.class);
      }
      two.awaitIdle();
      ollama.comeBack();
    }
  }

  /** As a caller who obeys {@code Retry-After}, only faster. */
  private static void untilAnswered(ProxyDriver proxy, FakeOllama ollama) {
    Await.until(
        () -> {
          var call = proxy.generate();
          Await.until(() -> ollama.hasChat() || call.isRefused(), "an answer of any kind");
          if (call.isRefused()) {
            return false;
          }
          ollama.awaitChat().says("Bamboo").finishes();
          call.awaitText("Bamboo").next(Finished.class);
          return true;
        },
        "the model server to be used again");
  }

  private FakeOllama.Chat firstChat() {
    Await.until(() -> ollama.hasChat() || other.hasChat(), "a chat at one of the two");
    return ollama.hasChat() ? ollama.awaitChat() : other.awaitChat();
  }

  private static Arguments broken(String name, Consumer<FakeOllama.Chat> fault, FailureCode code) {
    return Arguments.of(name, fault, code);
  }
}
