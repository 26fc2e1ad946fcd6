package dev.penstock.proxy.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.proxy.generation.ModelTraits;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** turns.md T-24 and T-39, on a clock that the test moves. */
class ModelReadinessTest {
  private long now = 1_000;
  private final FakeServer server = new FakeServer();
  private final List<Runnable> timers = new ArrayList<>();
  private final ModelReadiness readiness =
      new ModelReadiness(Map.of("a", server), () -> now, (_, action) -> timers.add(action));
  private final List<QueuePlace> told = new ArrayList<>();

  @Test
  void asksNothingForAMomentAfterAModelAnswered() {
    server.loaded = true;
    prepare();
    assertThat(server.asked).containsExactly("ps", "probe", "show");

    now += 9_000;
    prepare();
    now += 2_000;
    readiness.answered("a", "m");
    now += 9_000;
    prepare();

    assertThat(server.asked).hasSize(3);
  }

  @Test
  void looksAgainAfterAWhileWithoutProbingAnew() {
    server.loaded = true;
    prepare();

    now += 11_000;
    prepare();

    assertThat(server.asked).containsExactly("ps", "probe", "show", "ps");
  }

  @Test
  void loadsAndProbesAgainWhatWasUnloaded() {
    server.loaded = true;
    assertThat(prepare().result()).isEqualTo(new ModelTraits(true, ModelFacts.UNKNOWN));
    server.loaded = false;
    server.continues = Future.succeededFuture(false);
    now += 11_000;

    var ready = prepare();
    server.load.complete();

    assertThat(ready.result()).isEqualTo(new ModelTraits(false, ModelFacts.UNKNOWN));
    assertThat(server.asked)
        .containsExactly("ps", "probe", "show", "ps", "load", "probe", "show", "ps");
  }

  @Test
  void tellsEveryoneWhoWaitsHowLongALoadWillTake() {
    prepare();
    assertThat(told).containsExactly(new QueuePlace(QueueReason.LOADING, 1, 10_000));
    now += 4_000;
    prepare();

    assertThat(told).last().isEqualTo(new QueuePlace(QueueReason.LOADING, 1, 6_000));
    assertThat(server.asked).containsExactly("ps", "load");
  }

  @Test
  void saysThatAServerStartsWhenItTakesItsTime() {
    server.ps = Promise.promise();
    prepare();

    timers.forEach(Runnable::run);

    assertThat(told).extracting(QueuePlace::reason).containsExactly(QueueReason.STARTING);
  }

  /** T-24: where the probe says nothing, no. */
  @Test
  void takesAModelWhoseProbeFailsForOneThatStartsOver() {
    server.loaded = true;
    server.continues =
        Future.failedFuture(Setback.failed(FailureCode.UPSTREAM_FAILED, "no").asException());

    assertThat(prepare().result().continues()).isFalse();
  }

  @Test
  void triesAgainAfterALoadThatFailed() {
    var first = prepare();
    server.load.fail(Setback.failed(FailureCode.UPSTREAM_FAILED, "no memory").asException());
    assertThat(first.failed()).isTrue();
    server.load = Promise.promise();

    var second = prepare();
    server.load.complete();

    assertThat(second.succeeded()).isTrue();
  }

  private Future<ModelTraits> prepare() {
    return readiness.prepare("a", "m", told::add);
  }

  private static final class FakeServer implements ModelServer {
    final List<String> asked = new ArrayList<>();
    Promise<Void> load = Promise.promise();
    Promise<Void> ps = Promise.promise();
    Future<Boolean> continues = Future.succeededFuture(true);
    boolean loaded;

    FakeServer() {
      ps.complete();
    }

    @Override
    public String name() {
      return "a";
    }

    @Override
    public Future<List<InstalledModel>> installed() {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<List<LoadedModel>> loaded() {
      asked.add("ps");
      return ps.future().map(_ -> loaded ? List.of(new LoadedModel("M:latest", 4096)) : List.of());
    }

    @Override
    public Future<Void> load(String model) {
      asked.add("load");
      return load.future().onSuccess(_ -> loaded = true);
    }

    @Override
    public Future<Boolean> continues(String model) {
      asked.add("probe");
      return continues;
    }

    @Override
    public Future<ModelFacts> facts(String model) {
      asked.add("show");
      return Future.succeededFuture(ModelFacts.UNKNOWN);
    }
  }
}
