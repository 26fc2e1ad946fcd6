package dev.penstock.simulator.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a frame says.
 *
 * @param toolCalls a JSON array, as Ollama writes it; null for none
 * @param tokens those it consists of, where their probabilities are asked for; else empty
 */
public record Said(
    String content, String thinking, @Nullable String toolCalls, List<String> tokens) {
  /** Nothing at all. */
  public static final Said NOTHING = new Said("", "", null, List.of());

  /** A piece of the answer. */
  public static Said text(String text, List<String> tokens) {
    return new Said(text, "", null, tokens);
  }

  /** A piece of a thought. */
  public static Said thought(String text, List<String> tokens) {
    return new Said("", text, null, tokens);
  }

  /** Whole calls. */
  public static Said calls(String toolCalls) {
    return new Said("", "", toolCalls, List.of());
  }
}
