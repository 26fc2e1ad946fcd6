package dev.penstock.proxy.gemini;

import dev.penstock.contracts.generation.Capability;
import java.util.EnumSet;

/** What Gemini's models can do, as far as their names tell. */
final class GeminiModels {
  private GeminiModels() {}

  static EnumSet<Capability> capabilities(String model) {
    var capabilities = EnumSet.of(Capability.COMPLETION, Capability.TOOLS, Capability.VISION);
    if (GeminiThinking.thinks(model)) {
      capabilities.add(Capability.THINKING);
    }
    return capabilities;
  }
}
