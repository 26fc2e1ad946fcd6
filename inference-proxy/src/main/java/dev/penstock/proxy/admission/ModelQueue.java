package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.Priority;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tickets that wait for one model: by class, the most urgent first, and tenant by tenant inside
 * a class.
 */
final class ModelQueue {
  private final Map<Priority, RoundRobin> classes = new EnumMap<>(Priority.class);
  private final HoldTime holdTime = new HoldTime();
  // Written on the admission's context only; gauges read it from elsewhere.
  private volatile int size;
  private final AtomicIntegerArray waiting = new AtomicIntegerArray(Priority.values().length);
  private final AtomicLongArray waitingChars = new AtomicLongArray(Priority.values().length);

  /**
   * An empty queue.
   *
   * @param sequence rising numbers, shared by all queues
   */
  ModelQueue(LongSupplier sequence) {
    for (var priority : Priority.values()) {
      classes.put(priority, new RoundRobin(sequence));
    }
  }

  int size() {
    return size;
  }

  int waiting(Priority priority) {
    return waiting.get(index(priority));
  }

  long waitingChars(Priority priority) {
    return waitingChars.get(index(priority));
  }

  /** Tickets that count against the queue's bound beside one of {@code priority}. */
  int sizeFor(Priority priority) {
    // Continuations have readers who already wait: the crowd behind them must not keep them out.
    var continuations = of(Priority.CONTINUATION).size();
    return priority == Priority.CONTINUATION ? continuations : size - continuations;
  }

  HoldTime holdTime() {
    return holdTime;
  }

  void add(Ticket ticket) {
    classOf(ticket).add(ticket);
    resized(ticket, 1);
  }

  /** Back to where it came from, before everybody of its class. */
  void putBack(Ticket ticket) {
    classOf(ticket).putBack(ticket);
    resized(ticket, 1);
  }

  /** Takes a ticket out that gave up. */
  void remove(Ticket ticket) {
    if (classOf(ticket).remove(ticket)) {
      resized(ticket, -1);
    }
  }

  /** Takes a ticket out that is served. */
  void take(Ticket ticket) {
    classOf(ticket).take(ticket);
    resized(ticket, -1);
  }

  /** The first in line that a free upstream can serve. */
  @Nullable Ticket first(Predicate<String> free) {
    for (var line : classes.values()) {
      var first = line.first(free);
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  /** The last in line of those who count against the bound beside one of {@code priority}. */
  @Nullable Ticket last(Priority priority) {
    if (priority == Priority.CONTINUATION) {
      return of(priority).last();
    }
    @Nullable Ticket last = null;
    for (var line : classes.entrySet()) {
      if (line.getKey() != Priority.CONTINUATION && line.getValue().size() > 0) {
        last = line.getValue().last();
      }
    }
    return last;
  }

  /** All tickets in line, the next one first. */
  List<Ticket> inOrder() {
    var tickets = new ArrayList<Ticket>(size);
    classes.values().forEach(line -> tickets.addAll(line.inOrder()));
    return tickets;
  }

  /** 1 for the next one. */
  int positionOf(Ticket ticket) {
    var ahead = 0;
    for (var line : classes.entrySet()) {
      if (line.getKey() == ticket.demand.priority()) {
        break;
      }
      ahead += line.getValue().size();
    }
    return ahead + classOf(ticket).positionOf(ticket);
  }

  /** Since when a ticket's tenant waits for its turn, on the common sequence. */
  long waitsSince(Ticket ticket) {
    return classOf(ticket).waitsSince(ticket);
  }

  private RoundRobin classOf(Ticket ticket) {
    return of(ticket.demand.priority());
  }

  private RoundRobin of(Priority priority) {
    var line = classes.get(priority);
    if (line == null) {
      throw new IllegalStateException("no line for " + priority);
    }
    return line;
  }

  @SuppressWarnings("EnumOrdinal") // of arrays that live as long as this queue
  private static int index(Priority priority) {
    return priority.ordinal();
  }

  private void resized(Ticket ticket, int by) {
    var now = size + by;
    size = now;
    var priority = index(ticket.demand.priority());
    waiting.addAndGet(priority, by);
    waitingChars.addAndGet(priority, (long) by * ticket.promptChars);
  }
}
