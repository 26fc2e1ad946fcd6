package dev.penstock.simulator.answer;

import java.util.List;

/**
 * Numbers that look random and are a function of a key alone, the same on every JVM: SplitMix64
 * (Steele, Lea, Flood 2014), seeded with an FNV-1a hash.
 */
final class Dice {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private long state;

  private Dice(long state) {
    this.state = state;
  }

  /** Those of one block of the answer to a conversation. */
  static Dice of(long key, int block) {
    return new Dice(mix(key + (block + 1) * GOLDEN_GAMMA));
  }

  /** The key of a conversation under a seed. */
  static long key(List<PromptMessage> messages, long seed) {
    var hash = FNV_OFFSET ^ mix(seed);
    for (var message : messages) {
      hash = hash(hash(hash, message.role()), message.content());
    }
    return mix(hash);
  }

  int below(int bound) {
    state += GOLDEN_GAMMA;
    return (int) Long.remainderUnsigned(mix(state), bound);
  }

  <T> T pick(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  private static long hash(long start, String text) {
    var hash = start;
    for (var i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    // No character has this value, so that "ab","c" and "a","bc" differ.
    return (hash ^ 0x1FFFF) * FNV_PRIME;
  }

  private static long mix(long value) {
    var z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
