package dev.penstock.gateway.inference;

/**
 * A generation under way, held by whoever reads it. Confined to the context that started it; every
 * call after the last event does nothing.
 */
public interface Generation {
  /**
   * Stops reading, so that the proxy and in the end the model server are held back (turns.md T-37).
   * What was read from the socket already may still arrive.
   */
  void pause();

  /** Reads on. */
  void resume();

  /** Closes the connection to the proxy at once; no event follows. */
  void cancel();
}
