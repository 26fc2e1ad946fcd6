package dev.penstock.proxy.admission.brokenrules;

import dev.penstock.proxy.ollama.OllamaAddress;

/** Breaks: only the composition root knows which upstreams there are. */
public final class KnowsAnUpstream {
  private KnowsAnUpstream() {}

  public static String at(OllamaAddress address) {
    return address.toString();
  }
}
