package dev.penstock.proxy.gemini;

import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.exchange.StreamedGeneration;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Prompt;
import dev.penstock.proxy.generation.Upstream;

/** Generates through {@code streamGenerateContent?alt=sse}. */
public final class GeminiUpstream implements Upstream {
  private final String name;
  private final ServerConnection server;
  private final GeminiSite site;

  /**
   * Gemini at that site.
   *
   * @param server of the event loop that uses this upstream
   */
  public GeminiUpstream(String name, ServerConnection server, GeminiSite site) {
    this.name = name;
    this.server = server;
    this.site = site;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var generation =
        new StreamedGeneration(name, listener, GeminiDecoder::new, GeminiErrors::ofStatus);
    generation.send(server, site.stream(prompt.model()), GeminiRequest.generate(prompt));
    return generation;
  }
}
