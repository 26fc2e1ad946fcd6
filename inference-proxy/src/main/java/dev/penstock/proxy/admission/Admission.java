package dev.penstock.proxy.admission;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.proxy.generation.Setback;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lends slots. One per process: an upstream's slots are counted in one place or not at all.
 *
 * <p>Confined to the context that owns it; applicants are called back on it, sometimes before the
 * call that caused it returns. A ticket holds at most one slot, and gives it back once, whichever
 * of {@link #leave} and {@link #again} comes first and however often.
 */
final class Admission {
  private static final long MAX_RETRY_AFTER_MS = 30_000;
  private static final long TELL_EVERY_MS = 500;
  private static final long WAIT_CHANGE_WORTH_TELLING_MS = 1_000;
  private static final Failure TOO_LATE =
      Failure.of(FailureCode.QUEUE_TIMEOUT, "No slot became free in time; try again later.");

  private final Map<String, UpstreamSlots> upstreams = new LinkedHashMap<>();
  // Gauges read it from elsewhere.
  private final Map<String, ModelQueue> queues = new ConcurrentHashMap<>();
  private final AdmissionLimits limits;
  private final LongSupplier clock;
  private final Consumer<String> newQueue;
  private final RetryBudget retries = new RetryBudget();
  private long sequence;
  private boolean dispatching;
  private boolean dispatchAgain;

  /**
   * An admission over those upstreams.
   *
   * @param clock monotonic milliseconds
   * @param newQueue told of each model somebody asks for, once
   */
  Admission(
      List<UpstreamSlots> upstreams,
      AdmissionLimits limits,
      LongSupplier clock,
      Consumer<String> newQueue) {
    this.newQueue = newQueue;
    upstreams.forEach(each -> this.upstreams.put(each.name(), each));
    this.limits = limits;
    this.clock = clock;
  }

  /** Lends the ticket a slot now, queues it, or refuses it. */
  void enter(Ticket ticket) {
    var now = now();
    retries.requested();
    ticket.number = sequence++;
    ticket.state = Ticket.State.WAITING;
    var queue = queue(ticket);
    queue.add(ticket);
    dispatch();
    if (ticket.state != Ticket.State.WAITING) {
      return;
    }
    var refusal = refusalAtTheDoor(ticket, queue, now);
    if (refusal != null) {
      refuse(ticket, refusal);
    } else {
      keepBound(ticket, queue);
    }
    if (ticket.state == Ticket.State.WAITING) {
      tell(ticket, queue.positionOf(ticket), queue);
    }
  }

  /**
   * Turns away the last in line where there are too many: the newcomer, unless somebody has more
   * than the newcomer's share of the queue, or is less urgent.
   */
  private void keepBound(Ticket newcomer, ModelQueue queue) {
    var priority = newcomer.demand.priority();
    var last = queue.last(priority);
    if (last != null && queue.sizeFor(priority) > slotsFor(newcomer) * limits.queuePerSlot()) {
      refuse(last, full(last, queue));
    }
  }

  /** Takes the ticket out, wherever it is; a slot it holds is free again. */
  void leave(Ticket ticket, Verdict verdict) {
    switch (ticket.state) {
      case WAITING -> {
        queue(ticket).remove(ticket);
        ticket.state = Ticket.State.OUT;
      }
      case LENT -> {
        var lender = takeBack(ticket);
        ticket.state = Ticket.State.OUT;
        judge(lender, ticket, verdict);
        dispatch();
      }
      case NEW, OUT -> ticket.state = Ticket.State.OUT;
    }
  }

  /**
   * Takes the slot back because its upstream did not do the work, before any of it was seen, and
   * lends another, queues the ticket as the next of its class, or refuses it.
   */
  void again(Ticket ticket, Setback setback) {
    if (ticket.state != Ticket.State.LENT) {
      return;
    }
    var now = now();
    var lender = takeBack(ticket);
    ticket.state = Ticket.State.WAITING;
    var refusal = afterSetback(ticket, lender, setback, now);
    if (refusal == null) {
      queue(ticket).putBack(ticket);
    } else {
      refuse(ticket, refusal);
    }
    dispatch();
    if (ticket.state == Ticket.State.WAITING) {
      tell(ticket, queue(ticket).positionOf(ticket), queue(ticket));
    }
  }

  /** The model is ready, and the slot that was lent begins to do the ticket's own work. */
  void begun(Ticket ticket) {
    ticket.heldSince = now();
  }

  /** The upstream that lent this slot has begun to answer. */
  void answered(Ticket ticket) {
    if (ticket.lender != null) {
      ticket.lender.health().served();
      dispatch();
    }
  }

  /**
   * Lends what became free by time alone, refuses who waited too long, tells others their place.
   */
  void tick() {
    var now = now();
    dispatch();
    for (var queue : queues.values()) {
      var position = 1;
      for (var ticket : queue.inOrder()) {
        if (ticket.state != Ticket.State.WAITING) {
          continue;
        }
        var refusal = refusalWhileWaiting(ticket, now);
        if (refusal != null) {
          refuse(ticket, refusal);
        } else {
          tell(ticket, position++, queue);
        }
      }
    }
  }

  /** Waiting tickets of a model. Safe from any thread. */
  int waiting(String model) {
    var queue = queues.get(model);
    return queue == null ? 0 : queue.size();
  }

  /** Waiting tickets of a model and class. Safe from any thread. */
  int waiting(String model, Priority priority) {
    var queue = queues.get(model);
    return queue == null ? 0 : queue.waiting(priority);
  }

  /** Characters that wait with the tickets of a model and class. Safe from any thread. */
  long waitingChars(String model, Priority priority) {
    var queue = queues.get(model);
    return queue == null ? 0 : queue.waitingChars(priority);
  }

  /** The upstream of that name. */
  UpstreamSlots upstream(String name) {
    var upstream = upstreams.get(name);
    if (upstream == null) {
      throw new IllegalArgumentException("no upstream is called " + name);
    }
    return upstream;
  }

  private void dispatch() {
    if (dispatching) {
      dispatchAgain = true;
      return;
    }
    dispatching = true;
    try {
      do {
        dispatchAgain = false;
        while (lendNext()) {
          // Everything is in the condition.
        }
      } while (dispatchAgain);
    } finally {
      dispatching = false;
    }
  }

  /**
   * Lends to the most urgent ticket that an upstream is free for; of several models' next ones to
   * that whose tenant has waited longest for its turn.
   */
  private boolean lendNext() {
    var now = now();
    @Nullable Ticket next = null;
    for (var queue : queues.values()) {
      var first = queue.first(name -> upstream(name).available(now));
      if (first != null && (next == null || before(first, next))) {
        next = first;
      }
    }
    var lender = next == null ? null : choose(next, now);
    if (next == null || lender == null) {
      return false;
    }
    if (now >= next.demand.deadline()) {
      refuse(next, TOO_LATE);
      return true;
    }
    queue(next).take(next);
    lender.lend();
    next.state = Ticket.State.LENT;
    next.lender = lender;
    next.heldSince = now;
    next.affinity = affinity(next, lender);
    next.applicant.lent(lender.name());
    return true;
  }

  private boolean before(Ticket a, Ticket b) {
    var byClass = a.demand.priority().compareTo(b.demand.priority());
    return byClass != 0 ? byClass < 0 : queue(a).waitsSince(a) < queue(b).waitsSince(b);
  }

  private @Nullable UpstreamSlots choose(Ticket ticket, long now) {
    @Nullable UpstreamSlots best = null;
    var demand = ticket.demand;
    for (var name : demand.upstreams()) {
      var candidate = upstream(name);
      if (!candidate.available(now) || ticket.failedAt.contains(name)) {
        continue;
      }
      if (best == null || Affinity.prefers(demand.conversation(), candidate, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private AffinityResult affinity(Ticket ticket, UpstreamSlots lender) {
    var conversation = ticket.demand.conversation();
    if (conversation == null || lender.shared()) {
      return AffinityResult.NONE;
    }
    var home = lender;
    for (var name : ticket.demand.upstreams()) {
      var other = upstream(name);
      home = Affinity.pins(conversation, other, home) ? other : home;
    }
    if (home == lender) {
      return AffinityResult.HIT;
    }
    return home.health().down() || ticket.failedAt.contains(home.name())
        ? AffinityResult.REPIN
        : AffinityResult.MISS;
  }

  private UpstreamSlots takeBack(Ticket ticket) {
    var lender = ticket.lender;
    if (lender == null) {
      throw new IllegalStateException("a lent ticket has a lender");
    }
    ticket.lender = null;
    lender.takeBack();
    return lender;
  }

  private void judge(UpstreamSlots lender, Ticket ticket, Verdict verdict) {
    switch (verdict) {
      case SERVED -> {
        lender.health().served();
        queue(ticket).holdTime().saw(now() - ticket.heldSince);
      }
      case FAILED -> lender.health().failed(now(), othersCan(ticket, lender));
      case NONE -> {}
    }
  }

  private @Nullable Failure afterSetback(
      Ticket ticket, UpstreamSlots lender, Setback setback, long now) {
    switch (setback.kind()) {
      case NO_SLOT -> lender.health().noSlot(now);
      // Nothing was sent, so going elsewhere puts no load on anybody and costs no retry.
      case UNREACHABLE -> lender.health().unreachable(now);
      case FAILED -> {
        lender.health().failed(now, othersCan(ticket, lender));
        return failedForGood(ticket, lender) && retries.spend() ? null : setback.failure();
      }
      case LOST -> {
        lender.health().failed(now, othersCan(ticket, lender));
        var again = ticket.lostAt.add(lender.name()) || failedForGood(ticket, lender);
        return again && retries.spend() ? null : setback.failure();
      }
      case REJECTED -> {
        // What one server does not have, another may.
        var elsewhere =
            setback.failure().code() == FailureCode.MODEL_NOT_FOUND
                && failedForGood(ticket, lender);
        return elsewhere ? null : setback.failure();
      }
    }
    return refusalWhileWaiting(ticket, now);
  }

  /** Has the lender not asked again for this ticket; returns whether there is another to ask. */
  private boolean failedForGood(Ticket ticket, UpstreamSlots lender) {
    ticket.failedAt.add(lender.name());
    return ticket.demand.upstreams().stream()
        .anyMatch(name -> !ticket.failedAt.contains(name) && !upstream(name).health().down());
  }

  private boolean othersCan(Ticket ticket, UpstreamSlots lender) {
    return ticket.demand.upstreams().stream()
        .map(this::upstream)
        .anyMatch(other -> other != lender && !other.health().down());
  }

  private @Nullable Failure refusalAtTheDoor(Ticket ticket, ModelQueue queue, long now) {
    var hopeless = refusalWhileWaiting(ticket, now);
    if (hopeless != null) {
      return hopeless;
    }
    var demand = ticket.demand;
    var longest = limits.longestExpectedMs(demand.priority(), demand.deadline() - now);
    return queue.holdTime().known() && expectedWait(ticket, queue) > longest
        ? full(ticket, queue)
        : null;
  }

  private Failure full(Ticket ticket, ModelQueue queue) {
    return Failure.retryAfter(
        FailureCode.QUEUE_FULL,
        "Every slot is busy and the queue is full; try again later.",
        retryAfter(expectedWait(ticket, queue), ticket));
  }

  private long expectedWait(Ticket ticket, ModelQueue queue) {
    return queue.holdTime().untilTurn(queue.positionOf(ticket), slotsUpFor(ticket));
  }

  private @Nullable Failure refusalWhileWaiting(Ticket ticket, long now) {
    if (now >= ticket.demand.deadline()) {
      return TOO_LATE;
    }
    var startWait = limits.startWait().toMillis();
    var trial = Long.MAX_VALUE;
    for (var name : ticket.demand.upstreams()) {
      var health = upstream(name).health();
      if (ticket.failedAt.contains(name)) {
        continue;
      }
      if (!health.down() || now - health.downSince() < startWait || health.untilTrial(now) == 0) {
        return null;
      }
      trial = Math.min(trial, health.untilTrial(now));
    }
    return Failure.retryAfter(
        FailureCode.NO_CAPACITY,
        "No model server can be reached; try again soon.",
        retryAfter(trial, ticket));
  }

  /** Up to a fifth later, each a little different, so that not all of them come back at once. */
  private static long retryAfter(long ms, Ticket ticket) {
    var least = Math.clamp(ms, 1_000, MAX_RETRY_AFTER_MS);
    return Math.min(MAX_RETRY_AFTER_MS, least + least * (ticket.number * 7 % 10) / 50);
  }

  private int slotsFor(Ticket ticket) {
    return ticket.demand.upstreams().stream().mapToInt(name -> upstream(name).total()).sum();
  }

  /** Slots of servers that are up; of all where none is, since one of them will be. */
  private int slotsUpFor(Ticket ticket) {
    var up =
        ticket.demand.upstreams().stream()
            .map(this::upstream)
            .filter(each -> !each.health().down())
            .mapToInt(UpstreamSlots::total)
            .sum();
    return up == 0 ? slotsFor(ticket) : up;
  }

  private void refuse(Ticket ticket, Failure failure) {
    queue(ticket).remove(ticket);
    ticket.state = Ticket.State.OUT;
    ticket.applicant.refused(failure);
  }

  private void tell(Ticket ticket, int position, ModelQueue queue) {
    var reason =
        ticket.demand.upstreams().stream().allMatch(name -> upstream(name).health().down())
            ? QueueReason.STARTING
            : QueueReason.SLOTS;
    var expected = queue.holdTime().untilTurn(position, slotsUpFor(ticket));
    var place = new QueuePlace(reason, position, expected);
    var now = now();
    if (worthTelling(place, ticket.told) && now - ticket.toldAt >= TELL_EVERY_MS) {
      ticket.told = place;
      ticket.toldAt = now;
      ticket.applicant.placed(place);
    }
  }

  private static boolean worthTelling(QueuePlace place, @Nullable QueuePlace told) {
    return told == null
        || told.reason() != place.reason()
        || told.position() != place.position()
        || Math.abs(told.expectedWaitMs() - place.expectedWaitMs()) >= WAIT_CHANGE_WORTH_TELLING_MS;
  }

  private ModelQueue queue(Ticket ticket) {
    return queues.computeIfAbsent(
        ticket.demand.model(),
        model -> {
          newQueue.accept(model);
          return new ModelQueue(() -> sequence++);
        });
  }

  private long now() {
    return clock.getAsLong();
  }
}
