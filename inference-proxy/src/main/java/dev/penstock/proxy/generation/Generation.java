package dev.penstock.proxy.generation;

/** A generation that runs on a model server. Confined to the event loop that started it. */
public interface Generation {
  /** Stops reading, so that the model server is held back by its own socket. */
  void pause();

  /** Reads on. */
  void resume();

  /**
   * Closes the connection to the model server at once; nothing is called back afterwards. Without
   * effect on a generation that is over.
   */
  void cancel();

  /** Lines the model has sent, each of at least one token; a lower bound of what it generated. */
  int chunks();
}
