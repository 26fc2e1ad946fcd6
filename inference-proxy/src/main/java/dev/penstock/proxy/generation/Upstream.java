package dev.penstock.proxy.generation;

/**
 * The token path to one model server. Belongs to one event loop: it is called there and calls back
 * there. Each kind of server is one implementation beside its codec.
 */
public interface Upstream {
  /** The name the configuration gives it; never a host. */
  String name();

  /**
   * Sends the prompt. Whoever calls holds a slot of this upstream until the generation is over.
   * Nothing is called back before this method has returned.
   */
  Generation start(Prompt prompt, GenerationListener listener);
}
