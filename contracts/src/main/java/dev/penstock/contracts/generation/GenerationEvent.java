package dev.penstock.contracts.generation;

import dev.penstock.contracts.failure.Failure;
import java.util.List;

/**
 * What a generation yields, in order: any {@code Queued}, one {@code Started}, any thoughts, deltas
 * and calls, then one {@code Finished} or {@code Failed}. A failure may come at any point; a
 * refusal before the first event is an HTTP problem instead.
 *
 * <p>{@code Thought}, {@code Scored} and {@code Called} come only where the request's {@link
 * AnswerForm} asks for them.
 */
public sealed interface GenerationEvent {
  /** A place in the queue, sent when it changes, at most twice a second. */
  record Queued(QueuePlace place) implements GenerationEvent {}

  /** A slot is lent and the request is on its way to {@code upstream}. */
  record Started(String upstream, String model) implements GenerationEvent {}

  /**
   * Text to append: whole Unicode scalar values, no U+0000, never empty.
   *
   * @param text may hold several tokens
   */
  record Delta(String text) implements GenerationEvent {}

  /**
   * What the model thinks before or between its text; no part of the answer. The same form as a
   * delta's text.
   */
  record Thought(String text) implements GenerationEvent {}

  /**
   * A delta with the probabilities of its tokens, in its stead.
   *
   * @param text like a delta's, but empty where the tokens are no whole character yet
   * @param logprobs never empty
   */
  record Scored(String text, List<TokenLogprob> logprobs) implements GenerationEvent {}

  /**
   * Whole calls of tools, never an empty list. There may be several of these events; the generation
   * then finishes with {@link FinishReason#TOOL_CALLS}.
   */
  record Called(List<ToolCall> calls) implements GenerationEvent {}

  /** The model's own end. */
  record Finished(FinishReason reason, Usage usage, Timings timings) implements GenerationEvent {}

  /** The generation broke or was refused; nothing follows. */
  record Failed(Failure failure) implements GenerationEvent {}
}
