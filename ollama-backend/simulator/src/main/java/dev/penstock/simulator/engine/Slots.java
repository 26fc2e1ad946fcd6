package dev.penstock.simulator.engine;

import java.util.LinkedHashSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lends a model's slots in order of arrival. Whoever finds none waits, and nothing bounds how many
 * wait: so does Ollama, whose limit is on loads alone. Confined to one event loop.
 */
final class Slots {
  private final int count;
  private final Occupancy occupancy;
  private final PromptCache cache;
  private final LinkedHashSet<Hold> waiting = new LinkedHashSet<>();
  private int inUse;

  /**
   * @param savedPrompts texts that are remembered beside the slots
   */
  Slots(int count, Occupancy occupancy, int savedPrompts) {
    this.count = count;
    this.occupancy = occupancy;
    this.cache = new PromptCache(count, savedPrompts);
  }

  /** A slot, or a place in the queue for one. */
  final class Hold {
    private final String prompt;
    private final Consumer<Hold> granted;
    private PromptCache.@Nullable Slot slot;

    private Hold(String prompt, Consumer<Hold> granted) {
      this.prompt = prompt;
      this.granted = granted;
    }

    /** How many characters of the prompt the slot knows already. */
    int shared() {
      return slot == null ? 0 : slot.shared();
    }

    /**
     * Gives the slot back, or the place in the queue up; once only.
     *
     * @param text what was read and said in it
     */
    void release(String text) {
      if (slot != null) {
        cache.giveBack(slot, text);
        slot = null;
        inUse--;
        occupancy.slotsInUse.decrementAndGet();
        grantNext();
      } else if (waiting.remove(this)) {
        occupancy.waitingForSlot.decrementAndGet();
      }
    }
  }

  /**
   * Calls {@code granted} when there is a slot, at once if one is free.
   *
   * @param prompt what is to be read in it
   */
  Hold acquire(String prompt, Consumer<Hold> granted) {
    var hold = new Hold(prompt, granted);
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
      next.slot = cache.take(next.prompt);
      inUse++;
      occupancy.waitingForSlot.decrementAndGet();
      occupancy.slotsInUse.incrementAndGet();
      next.granted.accept(next);
    }
  }
}
