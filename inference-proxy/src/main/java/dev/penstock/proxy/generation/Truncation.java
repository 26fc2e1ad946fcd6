package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Leaves out the oldest messages of a conversation that is longer than its model can read.
 *
 * <p>Half of what may go goes at once, not a message at a time: what is left is the beginning of
 * later prompts too, so the model server need not read it anew with every turn.
 */
public final class Truncation {
  private Truncation() {}

  /**
   * The conversation without the older half of what lies between its system text and its last
   * question; it begins with a question again.
   *
   * @return empty if there is nothing that may be left out
   */
  public static Optional<List<ChatMessage>> of(List<ChatMessage> messages) {
    var first = 0;
    while (first < messages.size() && messages.get(first).role() == Role.SYSTEM) {
      first++;
    }
    var last = messages.size() - 1;
    while (last > first && messages.get(last).role() != Role.USER) {
      last--;
    }
    var from = first + (last - first + 1) / 2;
    while (from < last && messages.get(from).role() != Role.USER) {
      from++;
    }
    if (from == first || last <= first) {
      return Optional.empty();
    }
    var kept = new ArrayList<>(messages.subList(0, first));
    kept.addAll(messages.subList(from, messages.size()));
    return Optional.of(kept);
  }
}
