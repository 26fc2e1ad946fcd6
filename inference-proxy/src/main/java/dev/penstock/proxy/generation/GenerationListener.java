package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import java.util.List;

/**
 * What a {@link Generation} yields, in order: any {@link #thought}s, {@link #delta}s and {@link
 * #called}s, then {@link #broke}, or {@link #finished} and later {@link #closed}. Called on the
 * event loop that started the generation.
 */
public interface GenerationListener {
  /** Text to append: whole Unicode scalar values, no U+0000, never empty. */
  void delta(String text);

  /** What the model thinks, in the form of a delta; told whether or not the client wants it. */
  void thought(String text);

  /** A delta with its tokens' probabilities; its text may be empty, the list is not. */
  void scored(String text, List<TokenLogprob> logprobs);

  /** Whole calls, each with an id; never empty. The end is then {@code TOOL_CALLS}. */
  void called(List<ToolCall> calls);

  /** Something came from the model server that is none of these: it is alive. */
  void heard();

  /** The model's own end; its connection may still be in use. */
  void finished(Completion completion);

  /** After {@link #finished}: the model server has ended its response. */
  void closed();

  /** The generation is broken and its connection given up. */
  void broke(Setback setback);
}
