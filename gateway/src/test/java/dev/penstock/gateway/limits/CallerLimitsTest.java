package dev.penstock.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.gateway.inference.Generation;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.keyuse.UseLedger;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits of keys and tenants, by a clock that the test moves. */
class CallerLimitsTest {
  private final Ticker clock = new Ticker();
  private final ScriptedGenerations model = new ScriptedGenerations();
  private final List<GenerationEvent> heard = new ArrayList<>();
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
  private CallerLimits limits = limits(Map.of(), 100);
  private int gateways = 1;

  @Test
  void letsTheRequestsOfAMinuteThroughAtOnceAndThenAsTheyComeBack() {
    var admission = admission(Map.of());
    var caller = key("k1", requests(6));

    for (var i = 0; i < 6; i++) {
      finish(admission, caller);
    }
    var refusal = refusal(admission, caller);
    clock.pass(Duration.ofSeconds(9));
    var stillRefused = refusal(admission, caller);
    clock.pass(Duration.ofSeconds(1));

    assertThat(refusal.code()).isEqualTo(FailureCode.RATE_LIMITED);
    assertThat(refusal.retryAfterMs()).isEqualTo(10_000);
    assertThat(refusal.detail())
        .isEqualTo("This key's requests per minute are used up; try again later.");
    assertThat(stillRefused.retryAfterMs()).isEqualTo(1_000);
    finish(admission, caller);
    refusal(admission, caller);
    assertThat(refused).hasSize(3).containsOnly("requests");
  }

  @Test
  void neverTellsToWaitForMoreThanHalfAMinute() {
    var admission = admission(Map.of());
    var caller = key("k1", requests(1));
    finish(admission, caller);

    assertThat(refusal(admission, caller).retryAfterMs()).isEqualTo(30_000);
  }

  @Test
  void holdsEachKeyAndEachTenantApart() {
    var admission = admission(Map.of("acme", requests(3)));

    finish(admission, key("k1", requests(2)));
    finish(admission, key("k1", requests(2)));
    refusal(admission, key("k1", requests(2)));
    finish(admission, key("k2", requests(2)));

    assertThat(refusal(admission, key("k2", requests(2))).detail()).startsWith("This tenant's");
    finish(admission, caller("other", "k3", requests(2)));
  }

  @Test
  void takesNothingOfAKeyWhereItsTenantHasNoMore() {
    var admission = admission(Map.of("acme", streams(1)));
    var first = granted(admission, key("k1", requests(2)));
    refusal(admission, key("k2", requests(1)));
    first.giveBack();

    finish(admission, key("k2", requests(1)));
  }

  @Test
  void dividesALimitByTheGatewaysThatLive() {
    var admission = admission(Map.of());
    var caller = key("k1", requests(6));
    gateways = 2;

    for (var i = 0; i < 3; i++) {
      finish(admission, caller);
    }

    assertThat(refusal(admission, caller).retryAfterMs()).isEqualTo(20_000);
    clock.pass(Duration.ofSeconds(20));
    finish(admission, caller);
  }

  @Test
  void takesOverTheShareOfAGatewayThatIsGone() {
    var admission = admission(Map.of());
    var caller = key("k1", requests(6));
    gateways = 2;
    finish(admission, caller);
    gateways = 1;
    clock.pass(Duration.ofMinutes(2));

    for (var i = 0; i < 6; i++) {
      finish(admission, caller);
    }
    refusal(admission, caller);
  }

  @Test
  void leavesEachGatewayAtLeastOne() {
    gateways = 10;
    var admission = admission(Map.of());

    finish(admission, key("k1", new Limits(2, null, 3, null, null)));

    refusal(admission, key("k1", new Limits(2, null, 3, null, null)));
  }

  @Test
  void reservesThePromptAndTheAnswerAndSettlesWithWhatWasUsed() {
    var admission = admission(Map.of());
    var caller = key("k1", tokens(1_000));
    start(admission, caller, "four", 999);

    var all = refusal(admission, caller, "four", 600);
    finishes(50, 100);
    start(admission, caller, "four", 600);

    // An answer that is worth it takes 65 with its prompt.
    assertThat(all.retryAfterMs()).isEqualTo(3_900);
    assertThat(left(caller)).isEqualTo(1_000 - 150 - 601);
  }

  @Test
  void letsABudgetBeOverdrawnByWhatTurnsOutLaterAndWaitsUntilThatIsMadeUpFor() {
    var admission = admission(Map.of());
    var caller = key("k1", tokens(600));
    start(admission, caller, "four", 100);
    finishes(700, 100);

    // 200 below nothing, and 65 are needed for the next answer.
    assertThat(refusal(admission, caller, "four", 100).retryAfterMs()).isEqualTo(26_500);
    clock.pass(Duration.ofMillis(26_500));
    start(admission, caller, "four", 100);
  }

  @Test
  void cutsAnAnswerThatUsesUpTheBudgetAndStopsItsGeneration() {
    var admission = admission(Map.of());
    var caller = key("k1", tokens(100));
    start(admission, caller, "four", null);
    var script = model.started.getLast();
    script.tell(new GenerationEvent.Started("a", "m"));

    for (var i = 0; i < 200; i++) {
      script.tell(new GenerationEvent.Delta("x"));
    }

    assertThat(script.cancelled).isTrue();
    assertThat(heard.stream().filter(GenerationEvent.Delta.class::isInstance)).hasSize(99);
    assertThat(heard.getLast())
        .isInstanceOfSatisfying(
            GenerationEvent.Finished.class,
            end -> {
              assertThat(end.reason()).isEqualTo(FinishReason.LENGTH);
              assertThat(end.usage()).isEqualTo(new Usage(1, 99, true));
            });
    assertThat(left(caller)).isZero();
  }

  @Test
  void goesOnWithAnAnswerAsLongAsItsBudgetComesBack() {
    var admission = admission(Map.of());
    var caller = key("k1", tokens(120));
    start(admission, caller, "four", null);
    var script = model.started.getLast();

    for (var i = 0; i < 119; i++) {
      script.tell(new GenerationEvent.Delta("x"));
    }
    clock.pass(Duration.ofSeconds(5));
    for (var i = 0; i < 10; i++) {
      script.tell(new GenerationEvent.Delta("x"));
    }
    assertThat(script.cancelled).isFalse();
    script.tell(new GenerationEvent.Delta("x"));

    assertThat(script.cancelled).isTrue();
    assertThat(heard.stream().filter(GenerationEvent.Delta.class::isInstance)).hasSize(129);
  }

  @Test
  void neverCutsAnAnswerWhoseWholeLengthWasReserved() {
    var admission = admission(Map.of());
    start(admission, key("k1", tokens(1_000)), "four", 10);
    var script = model.started.getLast();

    for (var i = 0; i < 30; i++) {
      script.tell(new GenerationEvent.Delta("the model server counts better"));
    }

    assertThat(script.cancelled).isFalse();
  }

  @Test
  void asksForNoLongerAnswerThanTheCallerMayHave() {
    var limited = new Limits(null, null, null, 50, null);
    var admission = admission(Map.of("acme", new Limits(null, null, null, 20, null)));

    start(admission, key("k1", limited), "Hi", null);
    start(admission, key("k1", limited), "Hi", 10);
    start(admission, caller("other", "k2", limited), "Hi", 100);
    start(admission, caller("other", "k3", Limits.NONE), "Hi", 100);

    assertThat(model.started)
        .extracting(script -> script.request.options().maxTokens())
        .containsExactly(20, 10, 50, 100);
  }

  @Test
  void saysThatWaitingDoesNotHelpAPromptLongerThanTheLimit() {
    var failure = refusal(admission(Map.of()), key("k1", tokens(10)), "x".repeat(44), 1);

    assertThat(failure)
        .returns(false, Failure::retryable)
        .returns(null, Failure::retryAfterMs)
        .returns(FailureCode.RATE_LIMITED, Failure::code);
  }

  @Test
  void lendsAFullShareToAPromptThatTheWholeLimitAllows() {
    gateways = 10;
    var admission = admission(Map.of());
    var caller = key("k1", tokens(1_000));

    start(admission, caller, "x".repeat(2_000), 1);
    finishes(500, 1);

    refusal(admission, caller, "Hi", 1);
  }

  @Test
  void givesAStreamBackHoweverItEnds() {
    var admission = admission(Map.of());
    var caller = key("k1", streams(1));

    finish(admission, caller);
    start(admission, caller, "Hi", 1);
    assertThat(refusal(admission, caller).retryAfterMs()).isEqualTo(1_000);
    model.started.getLast().tell(failed(FailureCode.UPSTREAM_FAILED));
    start(admission, caller, "Hi", 1).cancel();
    start(admission, caller, "Hi", 1);
    model.started.getLast().tell(failed(FailureCode.QUEUE_FULL));
    var unused = granted(admission, caller);
    unused.giveBack();
    unused.giveBack();
    var twice = start(admission, caller, "Hi", 1);
    finishes(1, 1);
    twice.cancel();
    twice.cancel();

    start(admission, caller, "Hi", 1);
    assertThat(refusal(admission, caller).code()).isEqualTo(FailureCode.RATE_LIMITED);
  }

  @Test
  void countsNoRequestThatWasRefusedAtTheDoor() {
    var admission = admission(Map.of());
    var caller = key("k1", new Limits(1, 100, null, null, null));

    start(admission, caller, "Hi", 50);
    model.started.getLast().tell(failed(FailureCode.NO_CAPACITY));

    start(admission, caller, "Hi", 50);
  }

  @Test
  void chargesACancelledAnswerForWhatItGot() {
    var admission = admission(Map.of());
    var caller = key("k1", tokens(1_000));
    var queued = start(admission, caller, "four", 500);
    queued.cancel();
    var begun = start(admission, caller, "four", 500);
    model.started.getLast().tell(new GenerationEvent.Started("a", "m"));
    model.started.getLast().tell(new GenerationEvent.Delta("x"));
    begun.cancel();

    assertThat(left(caller)).isEqualTo(1_000 - 2);
  }

  @Test
  void hasNothingToSayToCallersWithoutLimits() {
    var limits = limits(Map.of(), 10);

    assertThat(limits.standing(Caller.SINGLE_TENANT)).isEqualTo(Standing.UNLIMITED);
    assertThat(limits.accounts()).isZero();
  }

  @Test
  void tellsWhatIsLeftOfTheTighterLimit() {
    var limits = limits(Map.of("acme", new Limits(10, 600, null, null, null)), 10);
    var admission = new Admission(limits, model, NO_MODELS);
    var caller = key("k1", requests(60));
    gateways = 2;
    start(admission, caller, "four", 99);

    assertThat(limits.standing(caller).requests())
        .isEqualTo(new Standing.Meter(10, 8, Duration.ofSeconds(12)));
    assertThat(limits.standing(caller).tokens())
        .isEqualTo(new Standing.Meter(600, 400, Duration.ofSeconds(20)));
  }

  @Test
  void forgetsAccountsThatHaveRecoveredAndTakesNoMoreThanItCanFollow() {
    var limits = limits(Map.of(), 2);
    var admission = new Admission(limits, model, NO_MODELS);
    start(admission, key("k1", requests(6)), "Hi", 1);
    finish(admission, key("k2", requests(6)));

    var full = refusal(admission, key("k3", requests(6)));
    assertThat(full.code()).isEqualTo(FailureCode.NO_CAPACITY);
    clock.pass(Duration.ofSeconds(10));
    finish(admission, key("k3", requests(6)));

    // k1 has a stream open, k2 has its request back.
    assertThat(limits.accounts()).isEqualTo(2);
  }

  @Test
  void losesNothingBetweenThreads() throws Exception {
    var admission = admission(Map.of());
    var caller = key("k1", new Limits(1_000, null, 1_000, null, null));
    var granted = new AtomicInteger();
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var i = 0; i < 4; i++) {
        threads.execute(
            () -> {
              for (var n = 0; n < 500; n++) {
                if (admission.admit(caller, request("Hi", 1))
                    instanceof Decision.Granted(var grant)) {
                  granted.incrementAndGet();
                  grant.settle(new Usage(0, 0, false), 0);
                }
              }
            });
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(granted).hasValue(1_000);
  }

  static final Models NO_MODELS =
      new Models() {
        @Override
        public Optional<ServedModel> find(String id) {
          return Optional.empty();
        }

        @Override
        public List<ServedModel> models() {
          return List.of();
        }

        @Override
        public Optional<ServedModel> defaultModel() {
          return Optional.empty();
        }

        @Override
        public boolean known() {
          return false;
        }

        @Override
        public Future<ServedModel> probe(String id) {
          return Future.failedFuture("no models");
        }
      };

  private CallerLimits limits(Map<String, Limits> tenants, int callers) {
    return new CallerLimits(
        new LimitsConfig(tenants, callers, Duration.ofSeconds(5)),
        () -> gateways,
        new UseLedger(100, InstantSource.system()),
        refused::add,
        clock);
  }

  private Admission admission(Map<String, Limits> tenants) {
    limits = limits(tenants, 100);
    return new Admission(limits, model, NO_MODELS);
  }

  private long left(Caller caller) {
    return Objects.requireNonNull(limits.standing(caller).tokens()).remaining();
  }

  private Generation start(
      Admission admission, Caller caller, String prompt, @Nullable Integer maxTokens) {
    var request = request(prompt, maxTokens);
    var grant = ((Decision.Granted) admission.admit(caller, request)).grant();
    return grant.start(Span.getInvalid(), request, heard::add);
  }

  private void finish(Admission admission, Caller caller) {
    start(admission, caller, "Hi", 1);
    finishes(1, 1);
  }

  private void finishes(int input, int output) {
    model
        .started
        .getLast()
        .tell(
            new GenerationEvent.Finished(
                FinishReason.STOP,
                new Usage(input, output, false),
                new Timings(0L, 0L, 1L, 1L, 1L)));
  }

  private static Grant granted(Admission admission, Caller caller) {
    return ((Decision.Granted) admission.admit(caller, request("Hi", 1))).grant();
  }

  private static Failure refusal(Admission admission, Caller caller) {
    return refusal(admission, caller, "Hi", 1);
  }

  private static Failure refusal(
      Admission admission, Caller caller, String prompt, @Nullable Integer maxTokens) {
    return ((Decision.Refused) admission.admit(caller, request(prompt, maxTokens))).failure();
  }

  private static GenerationRequest request(String prompt, @Nullable Integer maxTokens) {
    return new GenerationRequest(
        "acme",
        null,
        "m",
        List.of(new ChatMessage(Role.USER, prompt)),
        maxTokens == null
            ? GenerationOptions.NONE
            : GenerationOptions.NONE.withMaxTokens(maxTokens),
        false,
        Priority.INTERACTIVE,
        1_000);
  }

  private static GenerationEvent failed(FailureCode code) {
    return new GenerationEvent.Failed(Failure.of(code, "The test says so."));
  }

  private static Limits requests(int perMinute) {
    return new Limits(perMinute, null, null, null, null);
  }

  private static Limits tokens(int perMinute) {
    return new Limits(null, perMinute, null, null, null);
  }

  private static Limits streams(int atOnce) {
    return new Limits(null, null, atOnce, null, null);
  }

  private static Caller key(String key, Limits limits) {
    return caller("acme", key, limits);
  }

  private static Caller caller(String tenant, String key, Limits limits) {
    var rights = new Rights(key, Set.of(Scope.CHAT), null, limits, null);
    return new Caller(tenant, null, rights, Span.getInvalid());
  }
}
