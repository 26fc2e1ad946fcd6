package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;

/**
 * What a loaded model can do.
 *
 * @param continues it goes on with a trailing assistant message (turns.md T-24)
 * @param facts what its server tells about it
 */
public record ModelTraits(boolean continues, ModelFacts facts) {
  /** Whether it can think before it answers. */
  public boolean thinks() {
    return facts.has(Capability.THINKING);
  }
}
