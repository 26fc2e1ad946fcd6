package dev.penstock.simulator.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model remembers of the prompts it has read: in each slot the last one with its answer, and
 * beside the slots those that were pushed out of theirs (ollama-api.md section 13). A prompt that
 * begins like one of them is read from where it differs. Confined to one event loop.
 */
final class PromptCache {
  /** Of a new prompt, what it must share with a slot's text to be sent there. */
  private static final double LEAST_SIMILARITY = 0.10;

  private final List<Slot> slots = new ArrayList<>();
  private final LinkedHashSet<String> saved = new LinkedHashSet<>();
  private final int maxSaved;
  private long clock;

  /**
   * @param maxSaved texts that are remembered beside the slots
   */
  PromptCache(int slots, int maxSaved) {
    for (var i = 0; i < slots; i++) {
      this.slots.add(new Slot());
    }
    this.maxSaved = maxSaved;
  }

  /** One slot's text. */
  static final class Slot {
    private String text = "";
    private long usedAt;
    private boolean held;
    private int shared;

    /** Characters of its prompt that need not be read. */
    int shared() {
      return shared;
    }
  }

  /** Takes the free slot that fits the prompt best; there must be one. */
  Slot take(String prompt) {
    var slot = best(prompt);
    var shared = sharedPrefix(slot.text, prompt);
    if (shared <= LEAST_SIMILARITY * prompt.length()) {
      slot = leastRecentlyUsed();
      shared = sharedPrefix(slot.text, prompt);
    }
    if (2 * shared < slot.text.length()) {
      var known = bestSaved(prompt, shared);
      if (known != null) {
        saved.remove(known);
        shared = sharedPrefix(known, prompt);
      }
      save(slot.text);
    }
    slot.held = true;
    slot.shared = shared;
    return slot;
  }

  /**
   * Gives it back.
   *
   * @param text what its model has read and said since it was taken
   */
  void giveBack(Slot slot, String text) {
    slot.text = text;
    slot.held = false;
    slot.usedAt = ++clock;
  }

  private Slot best(String prompt) {
    var best = leastRecentlyUsed();
    for (var slot : slots) {
      if (!slot.held && sharedPrefix(slot.text, prompt) > sharedPrefix(best.text, prompt)) {
        best = slot;
      }
    }
    return best;
  }

  private Slot leastRecentlyUsed() {
    Slot least = null;
    for (var slot : slots) {
      if (!slot.held && (least == null || slot.usedAt < least.usedAt)) {
        least = slot;
      }
    }
    if (least == null) {
      throw new IllegalStateException("no slot is free");
    }
    return least;
  }

  private void save(String text) {
    saved.remove(text);
    saved.add(text);
    while (saved.size() > maxSaved) {
      saved.removeFirst();
    }
  }

  private @Nullable String bestSaved(String prompt, int least) {
    String best = null;
    var most = least;
    for (var text : saved) {
      var shared = sharedPrefix(text, prompt);
      if (shared > most) {
        best = text;
        most = shared;
      }
    }
    return best;
  }

  private static int sharedPrefix(String one, String other) {
    var end = Math.min(one.length(), other.length());
    var at = 0;
    while (at < end && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }
}
