package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.limits.Decision;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stored turns of a tenant that has limits. */
@Timeout(60)
final class TurnLimitsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Limits ONE_STREAM = new Limits(null, null, 1, null, null);
  private static final Limits HUNDRED_TOKENS = new Limits(null, 100, null, null, null);

  private final Vertx vertx = Vertx.vertx();
  private final InMemoryStore store = new InMemoryStore();

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  /** T-9, T-13: what readers saw is what is stored, and no more of it is generated. */
  @Test
  void cutsATurnThatUsesUpItsBudgetAndStoresWhatItDelivered() throws Exception {
    var gateway = GatewayDriver.start(vertx, store, HUNDRED_TOKENS);
    var reader = gateway.stream(UUID.randomUUID(), "Hi");
    var model = gateway.generator().next().started();

    for (var i = 0; i < 300; i++) {
      model.delta(i + " ");
    }

    reader.end();
    assertThat(model.isCancelled()).isTrue();
    var end = EventClient.json(reader.events().getLast());
    assertThat(end.get("type").asText()).isEqualTo("turn.completed");
    assertThat(end.get("finish_reason").asText()).isEqualTo("length");
    assertThat(end.at("/usage/estimated").asBoolean()).isTrue();
    var text = new StringBuilder();
    for (var i = 0; i < end.at("/usage/output_tokens").asInt(); i++) {
      text.append(i).append(' ');
    }
    assertThat(reader.text()).isEqualTo(text.toString()).startsWith("0 1 2 ").contains(" 98 ");
    assertThat(store.stored(reader.turn()).countedText()).isEqualTo(reader.text());
    var finish = store.finishes().getLast();
    assertThat(finish.text()).isEqualTo(reader.text());
    assertThat(finish.warnings()).singleElement().returns("budget_exhausted", of -> of.code());
    assertThat(finish.outcome())
        .isInstanceOfSatisfying(
            TurnOutcome.Completed.class,
            outcome -> assertThat(outcome.finishReason()).isEqualTo(FinishReason.LENGTH));
  }

  @Test
  void showsTheWarningInTheTurnThatAWaitingCallGets() throws Exception {
    var gateway = GatewayDriver.start(vertx, store, HUNDRED_TOKENS);
    var waiting = EventClient.json(gateway.post(UUID.randomUUID(), "Hi"));
    var model = gateway.generator().next().started();

    for (var i = 0; i < 300; i++) {
      model.delta("x");
    }

    var turn = waiting.document();
    assertThat(turn.get("state").asText()).isEqualTo("completed");
    assertThat(turn.at("/output/finish_reason").asText()).isEqualTo("length");
    assertThat(turn.at("/warnings/0/code").asText()).isEqualTo("budget_exhausted");
  }

  @Test
  void givesAStreamBackHoweverATurnEnds() throws Exception {
    var gateway = GatewayDriver.start(vertx, store, ONE_STREAM);

    var completed = gateway.stream(UUID.randomUUID(), "1");
    var model = gateway.generator().next().started();
    refuses(gateway);
    model.delta("a").finished();
    completed.end();

    var failed = gateway.stream(UUID.randomUUID(), "2");
    gateway.generator().next().started().delta("a").failed(FailureCode.UPSTREAM_FAILED);
    failed.end();

    var refused = gateway.stream(UUID.randomUUID(), "3");
    gateway.generator().next().failed(FailureCode.QUEUE_FULL);
    assertThat(refused.status()).isEqualTo(429);

    var cancelled = gateway.stream(UUID.randomUUID(), "4");
    gateway.generator().next().started().delta("a");
    cancelled.awaitText("a");
    var cancel = gateway.url("/v1/turns/" + cancelled.turn() + "/cancel");
    EventClient.json(EventClient.post(cancel, "")).end();
    cancelled.end();

    gateway.stream(UUID.randomUUID(), "5");
    gateway.generator().next().started();
    refuses(gateway);
  }

  /** T-5: the turn exists, so following it takes nothing. */
  @Test
  void countsAReplayOnce() throws Exception {
    var gateway = GatewayDriver.start(vertx, store, new Limits(null, null, 2, null, null));
    var session = UUID.randomUUID();
    var first = EventClient.send(gateway.post(session, "Hi").header("Idempotency-Key", "once"));
    var model = gateway.generator().next().started();
    first.awaitEvent("turn.accepted");

    for (var i = 0; i < 3; i++) {
      var again = EventClient.send(gateway.post(session, "Hi").header("Idempotency-Key", "once"));
      again.awaitEvent("turn.accepted");
      assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }
    gateway.stream(UUID.randomUUID(), "Another");

    gateway.generator().next();
    refuses(gateway);
    model.finished();
    first.end();
  }

  /** T-5, T-19: what runs is found by its key, but nothing begins with it. */
  @Test
  void findsItsTurnByItsKeyWhateverIsLeft() throws Exception {
    var gateway = GatewayDriver.start(vertx, store, ONE_STREAM);
    var session = UUID.randomUUID();
    var refused = EventClient.send(gateway.post(session, "Hi").header("Idempotency-Key", "door"));
    gateway.generator().next().failed(FailureCode.QUEUE_FULL);
    assertThat(refused.status()).isEqualTo(429);
    var other = UUID.randomUUID();
    var first = EventClient.send(gateway.post(other, "Hi").header("Idempotency-Key", "once"));
    var model = gateway.generator().next().started().delta("a");
    first.awaitText("a");

    var again = EventClient.send(gateway.post(other, "Hi").header("Idempotency-Key", "once"));
    again.awaitText("a");
    var unknown = EventClient.send(gateway.post(other, "Hi").header("Idempotency-Key", "new"));
    var over = EventClient.send(gateway.post(session, "Hi").header("Idempotency-Key", "door"));

    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(unknown.document().get("code").asText()).isEqualTo("rate_limited");
    assertThat(over.document().get("code").asText()).isEqualTo("rate_limited");
    assertThat(gateway.generator().isIdle()).isTrue();
    model.finished();
    again.end();
  }

  /** T-27: what a drain ends is given back with it. */
  @Test
  void givesAStreamBackWhenADrainEndsItsTurn() throws Exception {
    var gateway = GatewayDriver.start(vertx, store, ONE_STREAM);
    var reader = gateway.stream(UUID.randomUUID(), "Hi");
    gateway.generator().next().started().delta("a");
    reader.awaitText("a");

    gateway.process().drain(vertx, Duration.ZERO);

    reader.end();
    await().atMost(LIMIT).until(() -> store.stored(reader.turn()).state == TurnState.INTERRUPTED);
    var next =
        new GenerationRequest(
            "default",
            null,
            "sim",
            List.of(new ChatMessage(Role.USER, "Hi")),
            GenerationOptions.NONE,
            false,
            Priority.INTERACTIVE,
            1_000);
    assertThat(gateway.admission().admit(Caller.SINGLE_TENANT, next))
        .isInstanceOf(Decision.Granted.class);
  }

  @Test
  void dividesALimitByTheGatewaysThatHoldALease() throws Exception {
    var two = new Limits(null, null, 2, null, null);
    var one = GatewayDriver.start(vertx, store, two);
    var other = GatewayDriver.start(vertx, store, two);
    await().atMost(LIMIT).until(() -> liveGateways(one) == 2 && liveGateways(other) == 2);

    one.stream(UUID.randomUUID(), "1");
    one.generator().next().started();
    refuses(one);
    other.stream(UUID.randomUUID(), "2");
    var drained = other.generator().next().started();
    refuses(other);
    drained.delta("a").finished();
    other.process().drain(vertx, Duration.ZERO);
    await().atMost(LIMIT).until(() -> liveGateways(one) == 1);

    one.stream(UUID.randomUUID(), "3");
    one.generator().next().started();
    refuses(one);
  }

  private static int liveGateways(GatewayDriver gateway) {
    return gateway.process().liveGateways();
  }

  private static void refuses(GatewayDriver gateway) throws Exception {
    var refused = gateway.stream(UUID.randomUUID(), "One too many");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.document().get("code").asText()).isEqualTo("rate_limited");
    assertThat(gateway.generator().isIdle()).isTrue();
  }
}
