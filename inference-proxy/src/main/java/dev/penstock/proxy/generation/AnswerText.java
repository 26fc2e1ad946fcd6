package dev.penstock.proxy.generation;

import dev.penstock.contracts.turn.StorableText;

/**
 * The text of an answer on its way from a codec to its listener: made storable piece by piece
 * (sse.md SSE-9, SSE-10), what the model thinks apart from what it says.
 */
public final class AnswerText {
  private final AnswerListener listener;
  private final StorableText said = new StorableText();
  private final StorableText thought = new StorableText();

  /** Text for that listener. */
  public AnswerText(AnswerListener listener) {
    this.listener = listener;
  }

  /** Tells a piece of the answer; returns whether anything was to be told. */
  public boolean say(String piece) {
    return tell(said.feed(piece));
  }

  /** Tells a piece of what the model thinks; returns whether anything was to be told. */
  public boolean think(String piece) {
    return tellThought(thought.feed(piece));
  }

  /** A piece of the answer as it may be told, for a listener that is told more about it. */
  public String clean(String piece) {
    return said.feed(piece);
  }

  /** Tells what was held back. */
  public void end() {
    tellThought(thought.end());
    tell(said.end());
  }

  private boolean tell(String clean) {
    if (!clean.isEmpty()) {
      listener.delta(clean);
    }
    return !clean.isEmpty();
  }

  private boolean tellThought(String clean) {
    if (!clean.isEmpty()) {
      listener.thought(clean);
    }
    return !clean.isEmpty();
  }
}
