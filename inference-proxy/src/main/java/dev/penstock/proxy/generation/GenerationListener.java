package dev.penstock.proxy.generation;

/**
 * What a {@link Generation} yields, in order: any {@link #delta}s, then {@link #broke}, or {@link
 * #finished} and later {@link #closed}. Called on the event loop that started the generation.
 */
public interface GenerationListener {
  /** Text to append: whole Unicode scalar values, no U+0000, never empty. */
  void delta(String text);

  /** Something came from the model server that is not text of the answer: it is alive. */
  void heard();

  /** The model's own end; its connection may still be in use. */
  void finished(Completion completion);

  /** After {@link #finished}: the model server has ended its response. */
  void closed();

  /** The generation is broken and its connection given up. */
  void broke(Setback setback);
}
