package dev.penstock.contracts.generation;

import dev.penstock.contracts.failure.Failure;

/**
 * What a generation yields, in order: any {@code Queued}, one {@code Started}, any deltas, then one
 * {@code Finished} or {@code Failed}. A failure may come at any point; a refusal before the first
 * event is an HTTP problem instead.
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

  /** The model's own end. */
  record Finished(FinishReason reason, Usage usage, Timings timings) implements GenerationEvent {}

  /** The generation broke or was refused; nothing follows. */
  record Failed(Failure failure) implements GenerationEvent {}
}
