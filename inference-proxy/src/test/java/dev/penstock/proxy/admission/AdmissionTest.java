package dev.penstock.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.proxy.generation.Setback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the queue and of retries, on a clock that the test moves (reliability.md section 3). */
class AdmissionTest {
  private static final List<Priority> PRIORITIES = List.of(Priority.values());
  private static final Setback FAILED = Setback.failed(FailureCode.UPSTREAM_FAILED, "broken");

  private final UpstreamSlots a = new UpstreamSlots("a", 1, false);
  private final UpstreamSlots b = new UpstreamSlots("b", 1, false);
  private long now = 1_000;

  @Test
  void servesFirstWhoCameFirst() {
    var admission = admission(Duration.ZERO, a);
    var running = enter(admission, "a");
    var second = enter(admission, "a");
    var third = enter(admission, "a");

    admission.leave(running.ticket, Verdict.SERVED);

    assertThat(second.lender).isEqualTo("a");
    assertThat(third.lender).isNull();
  }

  @Test
  void tellsAPlaceAtMostTwiceASecondAndOnlyWhenItChanged() {
    var admission = admission(Duration.ZERO, a);
    var running = enter(admission, "a");
    var second = enter(admission, "a");
    var third = enter(admission, "a");
    assertThat(third.places).extracting(QueuePlace::position).containsExactly(2);

    admission.leave(running.ticket, Verdict.NONE);
    tick(admission, 100);
    assertThat(third.places).hasSize(1);
    tick(admission, 400);
    assertThat(third.places).extracting(QueuePlace::position).containsExactly(2, 1);
    tick(admission, 10_000);

    assertThat(third.places).hasSize(2);
    assertThat(second.places).hasSize(1);
  }

  @Test
  void expectsAWaitFromHowLongSlotsWereHeld() {
    var admission = admission(Duration.ZERO, a, b);
    for (var i = 0; i < 3; i++) {
      var held = enter(admission, "a", "b");
      now += 4_000;
      admission.leave(held.ticket, Verdict.SERVED);
    }
    enter(admission, "a", "b");
    enter(admission, "a", "b");

    var first = enter(admission, "a", "b");
    var second = enter(admission, "a", "b");

    assertThat(first.places.getLast().expectedWaitMs()).isEqualTo(2_000);
    assertThat(second.places.getLast().expectedWaitMs()).isEqualTo(4_000);
  }

  @Test
  void leavesAnUpstreamAloneForAMomentThatSaysItHasNoSlot() {
    var admission = admission(Duration.ZERO, a);
    var first = enter(admission, "a");
    var second = enter(admission, "a");

    admission.again(first.ticket, Setback.noSlot());
    assertThat(first.lender).as("not asked again at once").isEqualTo("a");
    assertThat(a.lent()).isZero();
    tick(admission, 100);

    assertThat(first.loans).isEqualTo(2);
    assertThat(second.loans).as("who was first stays first").isZero();
  }

  @Test
  void asksAnotherUpstreamAfterAFailureAndNeverTheSameTwice() {
    var admission = admission(Duration.ZERO, a, b);
    var only = enter(admission, "a", "b");
    var first = only.lender;

    admission.again(only.ticket, FAILED);
    assertThat(only.lender).isNotEqualTo(first);
    admission.again(only.ticket, FAILED);

    assertThat(only.refusal).isEqualTo(FAILED.failure());
  }

  @Test
  void retriesNoMoreThanItsBudgetAllows() {
    var admission = admission(Duration.ZERO, a, b);
    var retried = 0;

    for (var i = 0; i < 100; i++) {
      admission.leave(enter(admission, "a").ticket, Verdict.SERVED);
      admission.leave(enter(admission, "b").ticket, Verdict.SERVED);
      var caller = enter(admission, "a", "b");
      admission.again(caller.ticket, FAILED);
      if (caller.refusal == null) {
        retried++;
        admission.leave(caller.ticket, Verdict.SERVED);
      }
    }

    assertThat(retried).as("a tenth of 300 requests, and three").isBetween(30, 33);
  }

  @Test
  void ejectsAnUpstreamThatFailsThreeTimesInARowWhileAnotherCanDoTheWork() {
    var admission = admission(Duration.ZERO, a, b);
    for (var i = 0; i < 3; i++) {
      var caller = enter(admission, "a", "b");
      while (!"a".equals(caller.lender)) {
        var beside = caller;
        caller = enter(admission, "a", "b");
        admission.leave(beside.ticket, Verdict.NONE);
      }
      admission.leave(caller.ticket, Verdict.FAILED);
    }

    assertThat(a.available(now)).isFalse();
    assertThat(b.available(now)).isTrue();
    now += 10_000;
    assertThat(a.available(now)).as("one trial").isTrue();
  }

  @Test
  void neverEjectsTheLastUpstreamForFailures() {
    var admission = admission(Duration.ZERO, a);
    for (var i = 0; i < 10; i++) {
      admission.leave(enter(admission, "a").ticket, Verdict.FAILED);
    }

    assertThat(a.available(now)).isTrue();
  }

  @Test
  void turnsEverybodyAwayWhileNothingCanBeReached() {
    var admission = admission(Duration.ZERO, a);
    var running = enter(admission, "a");
    var waiting = enter(admission, "a");

    admission.again(running.ticket, Setback.unreachable());
    tick(admission, 50);
    var late = enter(admission, "a");

    assertThat(running.code()).isEqualTo(FailureCode.NO_CAPACITY);
    assertThat(waiting.code()).isEqualTo(FailureCode.NO_CAPACITY);
    assertThat(late.code()).isEqualTo(FailureCode.NO_CAPACITY);
    now += 250;
    assertThat(enter(admission, "a").lender).as("the next one is the trial").isEqualTo("a");
    assertThat(enter(admission, "a").lender).as("one at a time").isNull();
  }

  @Test
  void waitsForAServerThatStartsAsLongAsConfigured() {
    var admission = admission(Duration.ofSeconds(5), a);
    var caller = enter(admission, "a");

    admission.again(caller.ticket, Setback.unreachable());
    assertThat(caller.refusal).isNull();
    assertThat(caller.places.getLast().reason()).isEqualTo(QueueReason.STARTING);
    tick(admission, 250);
    assertThat(caller.loans).as("tried again").isEqualTo(2);
    admission.answered(caller.ticket);

    assertThat(a.health().down()).isFalse();
  }

  @Test
  void sendsAConversationToTheSameUpstreamAndSpreadsConversations() {
    var admission = admission(Duration.ZERO, a, b);
    var used = new HashSet<String>();

    for (var conversation = 0; conversation < 20; conversation++) {
      var lenders = new HashSet<String>();
      for (var turn = 0; turn < 5; turn++) {
        var caller = enter(admission, demand("c" + conversation, "a", "b"));
        lenders.add(String.valueOf(caller.lender));
        admission.leave(caller.ticket, Verdict.SERVED);
      }
      assertThat(lenders).hasSize(1);
      used.addAll(lenders);
    }

    assertThat(used).containsExactlyInAnyOrder("a", "b");
  }

  /** turns.md T-7: who was let in is refused at its deadline and not before. */
  @Test
  void letsWhoeverIsInTheQueueWaitUntilItsOwnDeadline() {
    var admission = admission(Duration.ZERO, a);
    enter(admission, "a");
    var waiting =
        enter(
            admission,
            new Demand("m", List.of("a"), Priority.INTERACTIVE, "t", null, now + 3_000_000));

    tick(admission, 2_999_999);
    assertThat(waiting.refusal).isNull();
    tick(admission, 1);

    assertThat(waiting.code()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
  }

  /** An answer needs time as well, so half of it must be left when its turn comes. */
  @Test
  void refusesAtTheDoorWhoWouldWaitForMoreThanHalfItsTime() {
    var admission = admission(Duration.ZERO, a);
    for (var i = 0; i < 3; i++) {
      var held = enter(admission, "a");
      now += 10_000;
      admission.leave(held.ticket, Verdict.SERVED);
    }
    enter(admission, "a");

    var hasty = new Demand("m", List.of("a"), Priority.INTERACTIVE, "t", null, now + 19_000);
    var patient = new Demand("m", List.of("a"), Priority.INTERACTIVE, "t", null, now + 21_000);

    assertThat(enter(admission, hasty).code()).isEqualTo(FailureCode.QUEUE_FULL);
    assertThat(enter(admission, patient).refusal).isNull();
  }

  /** A slot that becomes free at somebody's deadline is for the next one. */
  @Test
  void lendsNothingToWhoIsPastItsDeadline() {
    var admission = admission(Duration.ZERO, a);
    var running = enter(admission, "a");
    var late =
        enter(
            admission, new Demand("m", List.of("a"), Priority.INTERACTIVE, "t", null, now + 5_000));
    var next = enter(admission, "a");

    now += 5_000;
    admission.leave(running.ticket, Verdict.NONE);

    assertThat(late.code()).isEqualTo(FailureCode.QUEUE_TIMEOUT);
    assertThat(late.loans).isZero();
    assertThat(next.lender).isEqualTo("a");
  }

  @Test
  void expectsNothingOfServersThatAreDown() {
    var admission = admission(Duration.ofMinutes(1), a, b);
    var atFirst = enter(admission, "a", "b");
    var atSecond = enter(admission, "a", "b");
    var waiting = enter(admission, "a", "b");
    assertThat(waiting.places.getLast().expectedWaitMs()).isEqualTo(2_500);

    var down = "b".equals(atFirst.lender) ? atFirst : atSecond;
    admission.again(down.ticket, Setback.unreachable());
    tick(admission, 500);

    assertThat(waiting.places.getLast().expectedWaitMs()).isEqualTo(5_000);
  }

  /** A load happens once; what comes after it does not take as long. */
  @Test
  void countsTheAnswerAndNotTheLoadAsTheTimeASlotIsHeld() {
    var admission = admission(Duration.ZERO, a);
    var first = enter(admission, "a");
    now += 60_000;
    admission.begun(first.ticket);
    now += 2_000;
    admission.leave(first.ticket, Verdict.SERVED);
    enter(admission, "a");

    assertThat(enter(admission, "a").places.getLast().expectedWaitMs()).isEqualTo(2_000);
  }

  /** A model that one server has lost may still be at another. */
  @Test
  void asksAnotherUpstreamForAModelThatOneDoesNotHave() {
    var notThere = Setback.rejected(FailureCode.MODEL_NOT_FOUND, "not here");
    var admission = admission(Duration.ZERO, a, b);
    var caller = enter(admission, "a", "b");
    var first = caller.lender;

    admission.again(caller.ticket, notThere);
    assertThat(caller.lender).isNotEqualTo(first);
    admission.again(caller.ticket, notThere);

    assertThat(caller.refusal).isEqualTo(notThere.failure());
    assertThat(a.health().down() || b.health().down()).as("its other models are fine").isFalse();
  }

  /** A kept connection may end beside the request; a server that ends each one is broken. */
  @Test
  void triesAServerThatEndsTheConnectionOnlyOnceMore() {
    var admission = admission(Duration.ZERO, a);
    var caller = enter(admission, "a");

    admission.again(caller.ticket, Setback.lost());
    assertThat(caller.loans).isEqualTo(2);
    admission.again(caller.ticket, Setback.lost());

    assertThat(caller.refusal).isEqualTo(Setback.lost().failure());
    var other = enter(admission, "a");
    admission.again(other.ticket, Setback.lost());
    assertThat(other.loans).as("the retries are not all used up").isEqualTo(2);
  }

  /** A tenant with much work must not keep the others waiting until it is done. */
  @Test
  void letsTenantsTakeTurns() {
    var admission = admission(Duration.ZERO, 3, a);
    var running = enter(admission, "a");
    var heavy = enter(admission, of("heavy", Priority.INTERACTIVE));
    var more = enter(admission, of("heavy", Priority.INTERACTIVE));
    var light = enter(admission, of("light", Priority.INTERACTIVE));

    assertThat(light.places.getLast().position()).isEqualTo(2);
    assertThat(orderOfLoans(admission, running, heavy, more, light))
        .containsExactly(heavy, light, more);
  }

  /** The queue is full of one tenant's work: another's still finds a place, at the first's cost. */
  @Test
  void turnsAwayTheLastInLineWhereTheQueueIsFull() {
    var admission = admission(Duration.ZERO, a);
    enter(admission, "a");
    var first = enter(admission, of("heavy", Priority.INTERACTIVE));
    var last = enter(admission, of("heavy", Priority.INTERACTIVE));

    var other = enter(admission, of("light", Priority.INTERACTIVE));

    assertThat(last.code()).isEqualTo(FailureCode.QUEUE_FULL);
    assertThat(other.places.getLast().position()).isEqualTo(2);
    assertThat(first.refusal).isNull();
    assertThat(enter(admission, of("light", Priority.INTERACTIVE)).code())
        .as("no more than its share")
        .isEqualTo(FailureCode.QUEUE_FULL);
  }

  @Test
  void doesNotLetBatchWorkKeepAPersonOut() {
    var admission = admission(Duration.ZERO, a);
    enter(admission, "a");
    var batch = enter(admission, of("t", Priority.BATCH));
    var lastBatch = enter(admission, of("t", Priority.BATCH));

    var person = enter(admission, of("t", Priority.INTERACTIVE));

    assertThat(person.places.getLast().position()).isEqualTo(1);
    assertThat(lastBatch.code()).isEqualTo(FailureCode.QUEUE_FULL);
    assertThat(batch.refusal).isNull();
    assertThat(enter(admission, of("other", Priority.BATCH)).code())
        .isEqualTo(FailureCode.QUEUE_FULL);
  }

  /** Two models on one server: who waits longest for a turn goes first, whichever it asks for. */
  @Test
  void letsTenantsTakeTurnsAcrossModelsThatShareAServer() {
    var admission = admission(Duration.ZERO, 5, a);
    var running = enter(admission, "a");
    var heavy = enter(admission, of("heavy", Priority.INTERACTIVE));
    var more = enter(admission, of("heavy", Priority.INTERACTIVE));
    var other =
        enter(
            admission,
            new Demand("n", List.of("a"), Priority.INTERACTIVE, "light", null, now + 60_000));

    assertThat(orderOfLoans(admission, running, heavy, more, other))
        .containsExactly(heavy, other, more);
  }

  /** If nothing else arrives, grants come in the order of the places that were told. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void tellsThePlacesInWhoseOrderItLends(long block) {
    for (var seed = block * 100; seed < block * 100 + 25; seed++) {
      var random = new Random(seed);
      var slots = new UpstreamSlots("a", 2, false);
      var admission = admission(Duration.ZERO, 20, slots);
      var callers = new ArrayList<Caller>();
      for (var step = 0; step < 60; step++) {
        now += random.nextInt(50);
        switch (random.nextInt(5)) {
          case 0 ->
              callers.stream()
                  .filter(each -> each.ticket.state == Ticket.State.LENT)
                  .findFirst()
                  .ifPresent(each -> admission.leave(each.ticket, Verdict.SERVED));
          case 1 -> {
            if (!callers.isEmpty()) {
              admission.leave(callers.get(random.nextInt(callers.size())).ticket, Verdict.NONE);
            }
          }
          default -> {
            var priority = PRIORITIES.get(random.nextInt(PRIORITIES.size()));
            callers.add(enter(admission, of("t" + random.nextInt(4), priority)));
          }
        }
      }
      tick(admission, 500);
      tick(admission, 500);
      var waiting =
          callers.stream()
              .filter(each -> each.ticket.state == Ticket.State.WAITING)
              .sorted(Comparator.comparingInt(each -> each.places.getLast().position()))
              .toList();
      var running =
          callers.stream().filter(each -> each.ticket.state == Ticket.State.LENT).toList();

      assertThat(waiting)
          .as("seed " + seed)
          .extracting(each -> each.places.getLast().position())
          .containsExactlyElementsOf(IntStream.rangeClosed(1, waiting.size()).boxed().toList());
      assertThat(waiting)
          .as("a change of less than a second is not told")
          .extracting(each -> each.places.getLast().expectedWaitMs())
          .isSortedAccordingTo((a, b) -> a - b < 1_000 ? -1 : 1);
      var order = new ArrayList<Caller>();
      running.forEach(
          each -> order.addAll(orderOfLoans(admission, each, waiting.toArray(Caller[]::new))));
      assertThat(order).as("seed " + seed).containsExactlyElementsOf(waiting);
    }
  }

  /** Design section 10: behind a shared address nobody knows which server holds a prefix. */
  @Test
  void pinsNoConversationToAnUpstreamThatIsShared() {
    var shared = new UpstreamSlots("s", 3, true);
    var other = new UpstreamSlots("t", 3, true);
    var admission = admission(Duration.ZERO, shared, other);
    var used = new ArrayList<String>();

    for (var i = 0; i < 6; i++) {
      used.add(String.valueOf(enter(admission, demand("c", "s", "t")).lender));
    }

    assertThat(used).containsExactly("s", "t", "s", "t", "s", "t");
  }

  @Test
  void keepsRoomForContinuationsWhenTheQueueIsFull() {
    var admission = admission(Duration.ZERO, a);
    enter(admission, "a");
    for (var i = 0; i < 2; i++) {
      enter(admission, "a");
    }
    assertThat(enter(admission, "a").code()).isEqualTo(FailureCode.QUEUE_FULL);

    var continuation =
        enter(
            admission,
            new Demand("m", List.of("a"), Priority.CONTINUATION, "t", null, now + 60_000));

    assertThat(continuation.places.getLast().position()).isEqualTo(1);
  }

  /** Ends what runs, and then whatever gets its slot, until nobody waits who is named. */
  private static List<Caller> orderOfLoans(Admission admission, Caller running, Caller... waiting) {
    var order = new ArrayList<Caller>();
    var ending = running;
    while (ending != null) {
      admission.leave(ending.ticket, Verdict.NONE);
      ending = null;
      for (var each : waiting) {
        if (each.ticket.state == Ticket.State.LENT && !order.contains(each)) {
          order.add(each);
          ending = each;
        }
      }
    }
    return order;
  }

  private Admission admission(Duration startWait, UpstreamSlots... upstreams) {
    return admission(startWait, 2, upstreams);
  }

  private Admission admission(Duration startWait, int queuePerSlot, UpstreamSlots... upstreams) {
    var limits =
        new AdmissionLimits(
            queuePerSlot, Duration.ofMinutes(10), Duration.ofMinutes(10), startWait);
    return new Admission(List.of(upstreams), limits, () -> now, _ -> {});
  }

  private void tick(Admission admission, long ms) {
    now += ms;
    admission.tick();
  }

  private Caller enter(Admission admission, String... upstreams) {
    return enter(admission, demand(null, upstreams));
  }

  private Demand demand(@Nullable String conversation, String... upstreams) {
    return new Demand(
        "m", List.of(upstreams), Priority.INTERACTIVE, "t", conversation, now + 60_000);
  }

  private Demand of(String tenant, Priority priority) {
    return new Demand("m", List.of("a"), priority, tenant, null, now + 600_000);
  }

  private static Caller enter(Admission admission, Demand demand) {
    var caller = new Caller(demand);
    admission.enter(caller.ticket);
    return caller;
  }

  private static final class Caller implements Applicant {
    final Ticket ticket;
    final List<QueuePlace> places = new ArrayList<>();
    @Nullable String lender;
    @Nullable Failure refusal;
    int loans;

    Caller(Demand demand) {
      ticket = new Ticket(demand, this);
    }

    @Nullable FailureCode code() {
      return refusal == null ? null : refusal.code();
    }

    @Override
    public void placed(QueuePlace place) {
      places.add(place);
    }

    @Override
    public void lent(String upstream) {
      lender = upstream;
      loans++;
    }

    @Override
    public void refused(Failure failure) {
      refusal = failure;
    }
  }
}
