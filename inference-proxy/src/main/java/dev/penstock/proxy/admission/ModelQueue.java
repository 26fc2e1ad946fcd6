package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tickets that wait for one model: by class, the most urgent first, and first come first served
 * inside a class. The order inside a class is this type's alone, so that shares per tenant can take
 * its place.
 */
final class ModelQueue {
  private final Map<Priority, Deque<Ticket>> classes = new EnumMap<>(Priority.class);
  private final HoldTime holdTime = new HoldTime();
  // Written on the admission's context only; gauges read it from elsewhere.
  private volatile int size;

  ModelQueue() {
    for (var priority : Priority.values()) {
      classes.put(priority, new ArrayDeque<>());
    }
  }

  int size() {
    return size;
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
    of(ticket.demand.priority()).addLast(ticket);
    resized(1);
  }

  /** Back to where it came from, before everybody of its class. */
  void putBack(Ticket ticket) {
    of(ticket.demand.priority()).addFirst(ticket);
    resized(1);
  }

  void remove(Ticket ticket) {
    if (of(ticket.demand.priority()).remove(ticket)) {
      resized(-1);
    }
  }

  /** The first in line that meets the condition. */
  @Nullable Ticket first(Predicate<Ticket> condition) {
    for (var line : classes.values()) {
      for (var ticket : line) {
        if (condition.test(ticket)) {
          return ticket;
        }
      }
    }
    return null;
  }

  /** All tickets in line, the next one first. */
  List<Ticket> inOrder() {
    var tickets = new ArrayList<Ticket>(size);
    classes.values().forEach(tickets::addAll);
    return tickets;
  }

  /** 1 for the next one. */
  int positionOf(Ticket ticket) {
    var position = 1;
    for (var line : classes.entrySet()) {
      if (line.getKey() != ticket.demand.priority()) {
        position += line.getValue().size();
        continue;
      }
      for (var other : line.getValue()) {
        if (other == ticket) {
          return position;
        }
        position++;
      }
    }
    throw new IllegalStateException("the ticket is not in this queue");
  }

  private Deque<Ticket> of(Priority priority) {
    var line = classes.get(priority);
    if (line == null) {
      throw new IllegalStateException("no line for " + priority);
    }
    return line;
  }

  private void resized(int by) {
    var now = size + by;
    size = now;
  }
}
