package dev.penstock.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InferenceTest {
  private static final Vertx VERTX = Vertx.vertx();

  private final Loop loop = new Loop(VERTX);
  private final List<Inference> started = new ArrayList<>();
  private FakeProxy proxy;

  @AfterAll
  static void stop() {
    FakeProxy.await(VERTX.close());
  }

  @BeforeEach
  void startProxy() {
    proxy = new FakeProxy(VERTX);
  }

  @AfterEach
  void stopProxy() {
    started.forEach(inference -> loop.run(inference::close));
    proxy.close();
  }

  @Test
  void handsOverTheEventsInOrder() throws InterruptedException {
    var events = start(inference(proxy.address()), "s1");

    var asked = proxy.next();
    asked
        .tells(
            new Queued(new QueuePlace(QueueReason.SLOTS, 1, 250)),
            new Started("a", "gemma3:270m"),
            new Delta("Red "))
        .says("pandas")
        .finishes();

    assertThat(events.toTheEnd())
        .containsExactly(
            new Queued(new QueuePlace(QueueReason.SLOTS, 1, 250)),
            new Started("a", "gemma3:270m"),
            new Delta("Red "),
            new Delta("pandas"),
            FakeProxy.FINISHED);
    assertThat(asked.request()).isEqualTo(request("s1"));
  }

  @Test
  void keepsTheConnectionForTheNextGeneration() throws InterruptedException {
    var inference = inference(proxy.address());
    start(inference, "s1");
    var first = proxy.next();
    first.finishes();
    Awaitility.await().until(() -> inference.running() == 0);

    var events = start(inference, "s1");
    proxy.next().says("again").finishes();

    assertThat(events.toTheEnd()).containsExactly(new Delta("again"), FakeProxy.FINISHED);
    assertThat(first.isClosed()).isFalse();
  }

  @Test
  void readsDeltasCutAtEveryByte() throws InterruptedException {
    var events = start(inference(proxy.address()), null);
    var asked = proxy.next();
    var wire = Buffer.buffer("event: delta\ndata: {\"text\":\"Grüße \\\"🐼\\\"\"}\n\n");

    for (var at = 0; at < wire.length(); at++) {
      asked.raw(wire.getBuffer(at, at + 1));
    }
    asked.finishes();

    assertThat(events.next()).isEqualTo(new Delta("Grüße \"🐼\""));
  }

  /** T-38. */
  @Test
  void asksTheNextProxyWhereOneCannotBeReached() throws InterruptedException {
    var gone = new FakeProxy(VERTX);
    var inference = inference(gone.address(), proxy.address());
    gone.close();

    for (var conversation : List.of("a", "b", "c", "d", "e", "f")) {
      var events = start(inference, conversation);
      proxy.next().finishes();
      assertThat(events.toTheEnd()).containsExactly(FakeProxy.FINISHED);
    }
  }

  /** T-38: nothing was answered yet. */
  @Test
  void asksTheNextProxyWhereOneDiesBeforeItsHead() throws InterruptedException {
    try (var other = new FakeProxy(VERTX)) {
      proxy.answers(FakeProxy.Asked::dies);
      other.answers(FakeProxy.Asked::dies);
      var events = start(inference(proxy.address(), other.address()), "s");

      assertThat(events.failure().code()).isEqualTo(FailureCode.NO_CAPACITY);
      assertThat(proxy.unseen() + other.unseen()).isEqualTo(2);
    }
  }

  @Test
  void asksTheNextProxyWhereOneHasNoCapacity() throws InterruptedException {
    try (var other = new FakeProxy(VERTX)) {
      proxy.answers(asked -> asked.refuses(503, "no_capacity", 2_000L));
      other.answers(FakeProxy.Asked::finishes);

      // Which of the two a conversation asks first is its affinity's to say: of forty, both.
      for (var conversation = 0; conversation < 40; conversation++) {
        var asked = inference(proxy.address(), other.address());
        var events = start(asked, "conversation " + conversation);
        assertThat(events.toTheEnd()).containsExactly(FakeProxy.FINISHED);
      }
      assertThat(proxy.unseen()).isPositive();
    }
  }

  /** T-38: what has begun is never repeated. */
  @Test
  void neverRepeatsWhatHasBegun() throws InterruptedException {
    try (var other = new FakeProxy(VERTX)) {
      proxy.answers(asked -> asked.tells(new Started("a", "m")).dies());
      other.answers(asked -> asked.tells(new Started("b", "m")).dies());
      var events = start(inference(proxy.address(), other.address()), "s");

      var all = events.toTheEnd();

      assertThat(all).hasSize(2);
      assertThat(((GenerationEvent.Failed) all.getLast()).failure().code())
          .isEqualTo(FailureCode.UPSTREAM_TRUNCATED);
      assertThat(proxy.unseen() + other.unseen()).isEqualTo(1);
    }
  }

  @Test
  void repeatsOnceWhereAKeptConnectionClosedAsItWasUsed() throws InterruptedException {
    var inference = inference(proxy.address());
    var events = start(inference, "s");
    proxy.next().dies();
    proxy.next().says("second try").finishes();

    assertThat(events.toTheEnd()).containsExactly(new Delta("second try"), FakeProxy.FINISHED);
  }

  @Test
  void tellsARefusalWithItsCodeAndWait() throws InterruptedException {
    proxy.answers(asked -> asked.refuses(429, "queue_full", 7_000L));

    var failure = start(inference(proxy.address()), "s").failure();

    assertThat(failure.code()).isEqualTo(FailureCode.QUEUE_FULL);
    assertThat(failure.detail()).isEqualTo("Said by the proxy.");
    assertThat(failure.retryAfterMs()).isEqualTo(7_000L);
    assertThat(proxy.unseen()).isEqualTo(1);
  }

  @Test
  void tellsThatNoProxyCanBeReached() throws InterruptedException {
    var gone = new FakeProxy(VERTX);
    var inference = inference(gone.address());
    gone.close();

    var failure = start(inference, "s").failure();

    assertThat(failure.code()).isEqualTo(FailureCode.NO_CAPACITY);
    assertThat(failure.retryAfterMs()).isEqualTo(2_000L);
  }

  /** SSE-35. */
  @Test
  void takesAnEndWithoutTheLastEventForAFailure() throws InterruptedException {
    proxy.answers(asked -> asked.says("half").ends());

    assertThat(start(inference(proxy.address()), "s").failure().code())
        .isEqualTo(FailureCode.UPSTREAM_TRUNCATED);
  }

  @Test
  void failsOnAnEventItDoesNotKnow() throws InterruptedException {
    proxy.answers(asked -> asked.raw(Buffer.buffer("event: tool_call\ndata: {}\n\n")));

    var events = start(inference(proxy.address()), "s");

    assertThat(events.failure().code()).isEqualTo(FailureCode.UPSTREAM_PROTOCOL);
    proxy.next().closedAt();
  }

  @Test
  void handsOverAFailureTheProxyTells() throws InterruptedException {
    proxy.answers(
        asked ->
            asked
                .says("half")
                .raw(
                    Buffer.buffer(
                        "event: failed\ndata: {\"failure\":{\"code\":\"upstream_failed\",\"detail\":\"It broke.\",\"retryable\":true,\"retry_after_ms\":null}}\n\n"))
                .ends());

    assertThat(start(inference(proxy.address()), "s").failure().code())
        .isEqualTo(FailureCode.UPSTREAM_FAILED);
  }

  @Test
  void countsASilentConnectionAsLostAndAKeptAliveOneNot() throws InterruptedException {
    var inference = inference(Duration.ofMillis(300), proxy.address());
    var silent = start(inference, "s");
    proxy.next().says("then nothing");
    var alive = start(inference, "s");
    var asked = proxy.next();

    for (var times = 0; times < 8; times++) {
      TimeUnit.MILLISECONDS.sleep(100);
      asked.raw(Buffer.buffer(":\n"));
    }
    asked.finishes();

    assertThat(silent.failure().code()).isEqualTo(FailureCode.UPSTREAM_TRUNCATED);
    assertThat(alive.toTheEnd()).containsExactly(FakeProxy.FINISHED);
  }

  @Test
  void givesUpAProxyThatDoesNotAnswerAtAll() throws InterruptedException {
    var events = start(inference(Duration.ofMillis(150), proxy.address()), "s");

    assertThat(events.failure().code()).isEqualTo(FailureCode.UPSTREAM_TIMEOUT);
    proxy.next().closedAt();
  }

  @Test
  void staysWithOneProxyPerConversation() throws InterruptedException {
    try (var other = new FakeProxy(VERTX)) {
      proxy.answers(asked -> asked.says("first").finishes());
      other.answers(asked -> asked.says("second").finishes());
      var here = inference(proxy.address(), other.address());
      var elsewhere = inference(other.address(), proxy.address());
      var used = new HashSet<GenerationEvent>();

      for (var n = 0; n < 12; n++) {
        var answer = start(here, "conversation " + n).toTheEnd();
        assertThat(start(elsewhere, "conversation " + n).toTheEnd()).isEqualTo(answer);
        used.add(answer.getFirst());
      }

      assertThat(used).hasSize(2);
    }
  }

  @Test
  void cancelClosesTheConnectionAtOnceAndNothingFollows() throws InterruptedException {
    var inference = inference(proxy.address());
    for (var phase : List.of("queued", "started", "streaming")) {
      var events = new Events();
      var generation = loop.call(() -> inference.start(Span.getInvalid(), request("s"), events));
      var asked = proxy.next();
      asked.tells(
          switch (phase) {
            case "queued" -> new Queued(new QueuePlace(QueueReason.SLOTS, 1, 250));
            case "started" -> new Started("a", "m");
            default -> new Delta("Hel");
          });
      events.next();

      var left = System.nanoTime();
      loop.run(generation::cancel);

      assertThat(asked.closedAt() - left).as(phase).isLessThan(1_000_000_000);
      assertThat(inference.running()).isZero();
      assertThat(events.waiting()).isZero();
    }
  }

  @Test
  void cancelBeforeTheHeadClosesTheConnection() throws InterruptedException {
    var inference = inference(proxy.address());
    var events = new Events();
    var generation = loop.call(() -> inference.start(Span.getInvalid(), request("s"), events));
    var asked = proxy.next();

    loop.run(generation::cancel);

    asked.closedAt();
    assertThat(events.waiting()).isZero();
  }

  @Test
  void cancelBeforeThereIsAConnectionAsksNobody() throws InterruptedException {
    var inference = inference(proxy.address());
    var events = new Events();
    loop.run(() -> inference.start(Span.getInvalid(), request("s"), events).cancel());

    var next = start(inference, "s");
    proxy.next().finishes();

    assertThat(next.toTheEnd()).containsExactly(FakeProxy.FINISHED);
    assertThat(events.waiting()).isZero();
    assertThat(proxy.unseen()).isZero();
  }

  /** T-37. */
  @Test
  void aPausedGenerationHoldsTheProxyBackAndLosesNothing() throws InterruptedException {
    var pieces = 20_000;
    var inference = inference(proxy.address());
    var events = new Events();
    var generation = loop.call(() -> inference.start(Span.getInvalid(), request("s"), events));
    var asked = proxy.next();
    asked.tells(new Started("a", "m"));
    events.next();
    loop.run(generation::pause);

    asked.floods("0123456789", pieces);
    Awaitility.await().until(asked::heldBack);
    var taken = events.waiting();
    loop.run(generation::resume);

    assertThat(taken).isLessThan(100);
    var all = events.toTheEnd();
    assertThat(all).hasSize(pieces + 1).endsWith(FakeProxy.FINISHED);
  }

  private Inference inference(URI... proxies) {
    return inference(Duration.ofSeconds(15), proxies);
  }

  private Inference inference(Duration silence, URI... proxies) {
    var config =
        new InferenceConfig(
            List.of(proxies), 64, 16, Duration.ofSeconds(2), silence, Duration.ofSeconds(5));
    var inference =
        loop.call(
            () ->
                new Inference(
                    VERTX,
                    config,
                    ServiceIdentity.NONE,
                    new GatewayMetrics(new Metrics()).loop(),
                    Tracing.OFF));
    started.add(inference);
    return inference;
  }

  private Events start(Inference inference, @Nullable String conversation) {
    var events = new Events();
    loop.run(() -> inference.start(Span.getInvalid(), request(conversation), events));
    return events;
  }

  private static GenerationRequest request(@Nullable String conversation) {
    return new GenerationRequest(
        "default",
        conversation,
        "gemma3:270m",
        List.of(new ChatMessage(Role.USER, "Hello")),
        GenerationOptions.NONE,
        false,
        Priority.INTERACTIVE,
        60_000);
  }
}
