package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.proxy.standin.Protocol;
import dev.penstock.proxy.standin.Protocols;
import dev.penstock.proxy.standin.StandIn;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds in front of every model server that streams, whatever it speaks (SSE-35, T-37, T-39,
 * fault matrix F11–F16, F19, F20).
 */
@ParameterizedClass(name = "{0}")
@FieldSource("PROTOCOLS")
class UpstreamContractTest {
  static final List<Protocol> PROTOCOLS = Protocols.STREAMING;

  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration CANCEL_LIMIT = Duration.ofMillis(100);
  // More than all buffers between the model server and the caller hold.
  private static final int ENOUGH = 1_000;
  private static final String LONG = "0123456789".repeat(1_000);

  private final Protocol protocol;
  @TempDir private Path folder;
  private StandIn server;
  private ProxyDriver proxy;

  UpstreamContractTest(Protocol protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void start() {
    server = StandIn.start(VERTX, protocol);
    proxy = server.proxy(folder);
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    server.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void relaysTheTextWholeAndItsCounts() {
    var call = proxy.generate();
    var chat = server.awaitChat();
    assertThat(chat.lastText()).isEqualTo("What do red pandas eat?");

    chat.says("Grüße").says(" an die \"Pandas\" \uD83D\uDC3C").says(".\n").finishes();

    assertThat(call.next(Started.class).model()).isEqualTo("served");
    var end = call.awaitText("Grüße an die \"Pandas\" \uD83D\uDC3C.\n").next(Finished.class);
    assertThat(end.reason()).isEqualTo(FinishReason.STOP);
    assertThat(end.usage().inputTokens()).isEqualTo(14);
    assertThat(end.usage().outputTokens()).isEqualTo(5);
    assertThat(end.usage().estimated()).isFalse();
  }

  @Test
  void endsAnAnswerAtItsBoundAsLength() {
    var call = proxy.generate();

    server.awaitChat().says("Bam").finishes(true, 14, 1);

    assertThat(call.awaitText("Bam").next(Finished.class).reason()).isEqualTo(FinishReason.LENGTH);
  }

  static Stream<Arguments> breaks() {
    return Stream.of(
        broken("a clean end without the mark of one", c -> c.ends(), "upstream_truncated"),
        broken("an error in the stream", c -> c.breaksOff(), "upstream_failed"),
        broken("a reset", c -> c.resets(), "upstream_failed"),
        broken("garbage", c -> c.babbles(), "upstream_protocol"),
        broken(
            "a line over 1 MiB", c -> c.sends("x".repeat(1024 * 1024 + 1)), "upstream_protocol"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaks")
  void tellsHowAnAnswerBroke(String name, Consumer<StandIn.Chat> fault, String code) {
    var call = proxy.generate();
    var chat = server.awaitChat().says("Bam");
    call.awaitText("Bam");

    fault.accept(chat);

    assertThat(call.next(Failed.class).failure().code()).isEqualTo(FailureCode.of(code));
    assertThat(call.endsCleanly()).isTrue();
    assertThat(server.chatCount()).as("nothing is retried after the first delta").isEqualTo(1);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refused("too long", c -> c.findsItTooLong(), 400, "context_length_exceeded"),
        refused("not there", c -> c.refuses(404, "no such model"), 404, "model_not_found"),
        refused("not valid", c -> c.refuses(400, "tools are no list"), 400, "invalid_request"),
        refused("failing", c -> c.refuses(500, "engine died"), 502, "upstream_failed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void givesARefusalBeforeTheFirstTokenItsOwnStatus(
      String name, Consumer<StandIn.Chat> refusal, int status, String code) {
    try (var patient = ProxyDriver.startHoldingBack(server.file(folder), server.settings())) {
      var call = patient.generate();
      refusal.accept(server.awaitChat());

      assertThat(call.status()).isEqualTo(status);
      assertThat(call.json().getString("code")).isEqualTo(code);
      assertThat(call.text()).doesNotContain("127.0.0.1", "engine", "tools are");
      patient.awaitIdle();
    }
  }

  /** The backend's own 429 and 503 are "no slot" (design section 5). */
  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void goesBackToTheHeadOfTheQueueWhenTheModelServerHasNoSlot(int status) {
    var first = proxy.generate();
    var busy = server.awaitChat();
    var second = proxy.generate();
    second.next(Queued.class);

    busy.refuses(status, "server busy, please try again");
    server.awaitChat().says("first").finishes();
    first.awaitText("first").next(Finished.class);
    server.awaitChat().says("second").finishes();
    second.awaitText("second").next(Finished.class);

    assertThat(server.chatCount()).isEqualTo(3);
  }

  @Test
  void triesOnceMoreWhenAConnectionEndsBeforeTheAnswer() {
    var call = proxy.generate();

    server.awaitChat().resets();
    server.awaitChat().says("Bamboo").finishes();

    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void closesTheModelsConnectionInPrefillWithin100MsAndServesTheNext() {
    var quickest =
        Await.quickestOfFive(
            () -> {
              var call = proxy.generate();
              var chat = server.awaitChat();
              var left = call.leave();
              return chat.awaitCancelled() - left;
            });

    assertThat(quickest).isLessThan(CANCEL_LIMIT);
    var next = proxy.generate();
    server.awaitChat().says("Bamboo").finishes();
    next.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void closesTheModelsConnectionInDecodeWithin100Ms() {
    var quickest =
        Await.quickestOfFive(
            () -> {
              var call = proxy.generate();
              var chat = server.awaitChat().says("Bam");
              call.awaitText("Bam");
              var left = call.leave();
              return chat.awaitCancelled() - left;
            });

    assertThat(quickest).isLessThan(CANCEL_LIMIT);
  }

  @Test
  void holdsTheModelBackAndLosesNothing() {
    var call = proxy.generate();
    var chat = server.awaitChat().says("x");
    call.awaitText("x").stopsReading();

    var sent = 0;
    while (!chat.isBlocked()) {
      assertThat(sent).as("10 KB pieces until the model's socket is full").isLessThan(ENOUGH);
      chat.says(LONG);
      sent++;
    }
    Await.pause(300);
    assertThat(chat.isBlocked()).isTrue();
    call.readsOn();

    call.awaitText(LONG.repeat(sent));
    chat.finishes();
    call.next(Finished.class);
  }

  private static Arguments broken(String name, Consumer<StandIn.Chat> fault, String code) {
    return Arguments.of(name, fault, code);
  }

  private static Arguments refused(
      String name, Consumer<StandIn.Chat> refusal, int status, String code) {
    return Arguments.of(name, refusal, status, code);
  }
}
