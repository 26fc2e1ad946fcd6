package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import java.util.List;

/**
 * What an answer says, as its codec reads it, in order; after {@link #finished} or {@link #broke}
 * nothing more.
 */
public interface AnswerListener {
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

  /** The answer cannot be completed. */
  void broke(Setback setback);
}
