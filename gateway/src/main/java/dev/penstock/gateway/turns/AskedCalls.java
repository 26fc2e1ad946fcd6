package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.ToolCall;
import java.util.ArrayList;
import java.util.List;

/**
 * The calls of tools that a model asks for in one answer: shown and stored with its end, at most 1
 * MiB as its text. Confined to the owner's context.
 */
final class AskedCalls {
  private final List<ToolCall> calls = new ArrayList<>();
  private int chars;

  /**
   * Adds what the model asks for next.
   *
   * @return false if it is too much; then nothing was added
   */
  boolean add(List<ToolCall> more) {
    var all = chars;
    for (var call : more) {
      all += call.id().length() + call.name().length() + call.arguments().length();
    }
    if (all > AnswerText.MAX_BYTES) {
      return false;
    }
    chars = all;
    calls.addAll(more);
    return true;
  }

  /** All of them, in the model's order. */
  List<ToolCall> all() {
    return List.copyOf(calls);
  }
}
