package dev.penstock.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.proxy.generation.ModelTraits;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random interleavings of arrivals, departures, ends, setbacks, loads and time, with the two event
 * loops of every application running in any order: no slot is lent twice or lost, and everybody
 * hears exactly one answer.
 */
class AdmissionScheduleTest {
  private static final Map<String, Integer> SLOTS = Map.of("a", 2, "b", 1, "c", 3);
  private static final Map<String, List<String>> MODELS =
      Map.of("m", List.of("a", "b"), "n", List.of("b", "c"), "o", List.of("c"));
  private static final List<Priority> PRIORITIES = List.of(Priority.values());
  private static final int STEPS = 400;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverLendsMoreThanThereIsAndGetsEverySlotBack(int block) {
    for (var seed = block * 1_000L; seed < block * 1_000L + 250; seed++) {
      var schedule = new Schedule(seed);
      for (var step = 0; step < STEPS; step++) {
        schedule.step();
      }
      schedule.windUp();
    }
  }

  /** One run: its clock, its mailboxes, its callers. */
  private static final class Schedule implements ModelDirectory, Preparation {
    private final long seed;
    private final Random random;
    private final Queue<Runnable> control = new ArrayDeque<>();
    private final List<Caller> callers = new ArrayList<>();
    private final List<Runnable> pending = new ArrayList<>();
    private final Map<String, Integer> held = new HashMap<>();
    private final AdmissionDesk desk;
    private long now;

    Schedule(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      desk =
          new AdmissionDesk(
              control::add,
              SLOTS.entrySet().stream()
                  .map(each -> new AdmissionDesk.Capacity(each.getKey(), each.getValue(), false))
                  .toList(),
              new AdmissionLimits(
                  2, Duration.ofSeconds(20), Duration.ofSeconds(40), Duration.ofSeconds(2)),
              this,
              this,
              () -> now,
              _ -> {});
    }

    void step() {
      switch (random.nextInt(12)) {
        case 0, 1 -> arrive();
        case 2, 3, 4 -> runOne(control);
        case 5, 6 -> someCaller(caller -> runOne(caller.home));
        case 7 -> someCaller(Caller::end);
        case 8 -> someCaller(Caller::leave);
        case 9 -> someCaller(Caller::setBack);
        case 10 -> completeOne();
        default -> {
          now += random.nextInt(400);
          control.add(desk::tick);
        }
      }
      check();
    }

    /** Lets everything come to its end: all leave, all mail is delivered. */
    void windUp() {
      callers.forEach(Caller::leave);
      for (var round = 0; !control.isEmpty() || !pending.isEmpty() || mailWaits(); round++) {
        assertThat(round).as(this::name).isLessThan(100 * STEPS);
        runOne(control);
        completeOne();
        callers.forEach(caller -> runOne(caller.home));
        check();
      }
      SLOTS.keySet().forEach(name -> assertThat(desk.slotsLent(name)).as(this::name).isZero());
      MODELS.keySet().forEach(name -> assertThat(desk.waiting(name)).as(this::name).isZero());
    }

    private void check() {
      SLOTS.forEach(
          (name, total) -> {
            var lent = desk.slotsLent(name);
            var inHand = held.getOrDefault(name, 0);
            // Not by assertThat, which would take most of the time of this test.
            if (lent < 0 || lent > total || inHand < 0 || inHand > total) {
              throw new AssertionError(
                  name() + ": " + name + " has lent " + lent + ", in hand " + inHand);
            }
          });
    }

    private String name() {
      return "seed " + seed;
    }

    private boolean mailWaits() {
      return callers.stream().anyMatch(caller -> !caller.home.isEmpty());
    }

    private void arrive() {
      var models = List.of("m", "n", "o", "nowhere");
      var request =
          new GenerationRequest(
              "tenant-" + random.nextInt(3),
              random.nextBoolean() ? "conversation-" + random.nextInt(5) : null,
              models.get(random.nextInt(models.size())),
              List.of(new ChatMessage(Role.USER, "hi")),
              GenerationOptions.NONE,
              random.nextInt(8) == 0,
              PRIORITIES.get(random.nextInt(PRIORITIES.size())),
              1 + random.nextInt(30_000));
      var caller = new Caller();
      callers.add(caller);
      caller.application = desk.apply(Work.of(request), caller.home::add, caller);
    }

    private void someCaller(Consumer<Caller> action) {
      if (!callers.isEmpty()) {
        action.accept(callers.get(random.nextInt(callers.size())));
      }
    }

    private void runOne(Queue<Runnable> mailbox) {
      var task = mailbox.poll();
      if (task != null) {
        task.run();
      }
    }

    private void completeOne() {
      if (!pending.isEmpty()) {
        control.add(pending.remove(random.nextInt(pending.size())));
      }
    }

    @Override
    public Future<Placement> place(String model) {
      var upstreams = MODELS.get(model);
      if (upstreams == null) {
        return Future.failedFuture(
            Failure.of(FailureCode.MODEL_NOT_FOUND, "not here").asException());
      }
      return random.nextBoolean()
          ? Future.succeededFuture(Placement.of(model, upstreams))
          : later(Placement.of(model, upstreams));
    }

    @Override
    public void gone(String upstream, String model) {}

    @Override
    public Future<ModelTraits> prepare(
        String upstream, String model, Consumer<QueuePlace> progress) {
      var traits = new ModelTraits(random.nextBoolean(), ModelFacts.UNKNOWN);
      return switch (random.nextInt(6)) {
        case 0 -> {
          progress.accept(new QueuePlace(QueueReason.LOADING, 1, 1_000));
          yield later(traits);
        }
        case 1 -> Future.failedFuture(anySetback().asException());
        default -> Future.succeededFuture(traits);
      };
    }

    @Override
    public void answered(String upstream, String model) {}

    private <T> Future<T> later(T value) {
      var promise = Promise.<T>promise();
      pending.add(() -> promise.complete(value));
      return promise.future();
    }

    private Setback anySetback() {
      return switch (random.nextInt(5)) {
        case 0 -> Setback.noSlot();
        case 1 -> Setback.unreachable();
        case 2 -> Setback.lost();
        case 3 -> Setback.failed(FailureCode.UPSTREAM_FAILED, "broken");
        default -> Setback.rejected(FailureCode.CONTEXT_LENGTH_EXCEEDED, "too long");
      };
    }

    /** A relay on an event loop of its own. */
    private final class Caller implements Recipient {
      final Queue<Runnable> home = new ArrayDeque<>();
      @Nullable Application application;
      @Nullable String holds;
      boolean over;

      void end() {
        if (holds != null && application != null) {
          putDown();
          over = true;
          application.leave(random.nextBoolean() ? Verdict.SERVED : Verdict.FAILED);
        }
      }

      void leave() {
        if (!over && application != null) {
          putDown();
          over = true;
          application.leave(Verdict.NONE);
        }
      }

      void setBack() {
        if (holds != null && application != null) {
          putDown();
          application.again(anySetback());
        }
      }

      @Override
      public void placed(QueuePlace place) {
        assertThat(holds).as(Schedule.this::name).isNull();
        assertThat(over).as(Schedule.this::name).isFalse();
        assertThat(place.position()).as(Schedule.this::name).isPositive();
      }

      @Override
      public void granted(Grant grant) {
        assertThat(holds).as(Schedule.this::name).isNull();
        assertThat(over).as(Schedule.this::name).isFalse();
        holds = grant.upstream();
        held.merge(grant.upstream(), 1, Integer::sum);
        if (grant.onTrial() && application != null) {
          application.answered();
        }
      }

      @Override
      public void refused(Failure failure) {
        assertThat(holds).as(Schedule.this::name).isNull();
        assertThat(over).as(Schedule.this::name).isFalse();
        over = true;
      }

      private void putDown() {
        if (holds != null) {
          held.merge(holds, -1, Integer::sum);
          holds = null;
        }
      }
    }
  }
}
