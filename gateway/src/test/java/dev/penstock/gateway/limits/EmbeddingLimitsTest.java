package dev.penstock.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.gateway.inference.EmbeddingCall;
import dev.penstock.gateway.keyuse.UseLedger;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What calls for embeddings take of a key's limits, and give back. */
class EmbeddingLimitsTest {
  private static final Limits LIMITS = new Limits(10, 100, 1, null, null);

  private final Ticker clock = new Ticker();
  private final CallerLimits limits =
      new CallerLimits(
          LimitsConfig.STANDARD,
          () -> 1,
          new UseLedger(10, InstantSource.system()),
          _ -> {},
          clock);
  private final Caller caller =
      new Caller(
          "acme",
          null,
          new Rights("k1", Set.of(Scope.CHAT), null, LIMITS, null),
          Span.getInvalid());

  @Test
  void takesTokensAndAStreamWhileTheyAreMade() {
    var made = Promise.<Embeddings>promise();
    var call = ask(made);

    assertThat(decide()).isInstanceOf(Decision.Refused.class);
    made.complete(new Embeddings("m", List.of(), new Usage(7, 0, false)));

    assertThat(call.vectors().succeeded()).isTrue();
    assertThat(tokensLeft()).isEqualTo(93);
    assertThat(requestsLeft()).isEqualTo(9);
    assertThat(decide()).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void costsNothingWhereTheProxyHasNoRoom() {
    var made = Promise.<Embeddings>promise();
    ask(made);
    made.fail(Failure.of(FailureCode.QUEUE_FULL, "The test says so.").asException());

    assertThat(tokensLeft()).isEqualTo(100);
    assertThat(requestsLeft()).isEqualTo(10);
  }

  @Test
  void costsARequestWhereItFails() {
    var made = Promise.<Embeddings>promise();
    ask(made);
    made.fail(Failure.of(FailureCode.UPSTREAM_FAILED, "The test says so.").asException());

    assertThat(tokensLeft()).isEqualTo(100);
    assertThat(requestsLeft()).isEqualTo(9);
    assertThat(decide()).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void costsItsTextsWhereItsClientLeaves() {
    var call = ask(Promise.promise());

    call.cancel();
    call.cancel();

    assertThat(tokensLeft()).isEqualTo(90);
    assertThat(decide()).isInstanceOf(Decision.Granted.class);
  }

  private EmbeddingCall ask(Promise<Embeddings> made) {
    var grant = ((Decision.Granted) decide()).grant();
    return grant.embed(() -> new Call(made.future()));
  }

  private Decision decide() {
    var texts = List.of("x".repeat(40));
    return new Admission(limits, new ScriptedGenerations(), CallerLimitsTest.NO_MODELS)
        .admit(
            caller, new EmbeddingsRequest("acme", "m", texts, null, true, Priority.DEFAULT, 1_000));
  }

  private long tokensLeft() {
    return Objects.requireNonNull(limits.standing(caller).tokens()).remaining();
  }

  private long requestsLeft() {
    return Objects.requireNonNull(limits.standing(caller).requests()).remaining();
  }

  private record Call(Future<Embeddings> vectors) implements EmbeddingCall {
    @Override
    public void cancel() {}
  }
}
