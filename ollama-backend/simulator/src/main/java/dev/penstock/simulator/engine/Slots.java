package dev.penstock.simulator.engine;

import java.util.LinkedHashSet;
import java.util.function.Consumer;

/**
 * Lends a model's slots in order of arrival. Whoever finds none waits, and nothing bounds how many
 * wait: so does Ollama, whose limit is on loads alone. Confined to one event loop.
 */
final class Slots {
  private final int count;
  private final Occupancy occupancy;
  private final LinkedHashSet<Hold> waiting = new LinkedHashSet<>();
  private int inUse;

  Slots(int count, Occupancy occupancy) {
    this.count = count;
    this.occupancy = occupancy;
  }

  /** A slot, or a place in the queue for one. */
  final class Hold {
    private final Consumer<Hold> granted;
    private boolean held;

    private Hold(Consumer<Hold> granted) {
      this.granted = granted;
    }

    /** Gives the slot back, or the place in the queue up; once only. */
    void release() {
      if (held) {
        held = false;
        inUse--;
        occupancy.slotsInUse.decrementAndGet();
        grantNext();
      } else if (waiting.remove(this)) {
        occupancy.waitingForSlot.decrementAndGet();
      }
    }
  }

  /** Calls {@code granted} when there is a slot, at once if one is free. */
  Hold acquire(Consumer<Hold> granted) {
    var hold = new Hold(granted);
    waiting.add(hold);
    occupancy.waitingForSlot.incrementAndGet();
    grantNext();
    return hold;
  }

  int count() {
    return count;
  }

  int inUse() {
    return inUse;
  }

  int waiting() {
    return waiting.size();
  }

  private void grantNext() {
    if (inUse < count && !waiting.isEmpty()) {
      var next = waiting.removeFirst();
      next.held = true;
      inUse++;
      occupancy.waitingForSlot.decrementAndGet();
      occupancy.slotsInUse.incrementAndGet();
      next.granted.accept(next);
    }
  }
}
