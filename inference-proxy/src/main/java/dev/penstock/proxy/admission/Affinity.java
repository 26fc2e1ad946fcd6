package dev.penstock.proxy.admission;

import org.jspecify.annotations.Nullable;

/**
 * Which of two upstreams with a free slot a conversation goes to: by rendezvous hash to the one
 * that most likely holds its prefix; without a conversation to the one with more room.
 */
final class Affinity {
  private Affinity() {}

  static boolean prefers(@Nullable String conversation, UpstreamSlots a, UpstreamSlots b) {
    return conversation == null
        ? a.total() - a.lent() > b.total() - b.lent()
        : Integer.compareUnsigned(weight(conversation, a.name()), weight(conversation, b.name()))
            > 0;
  }

  /** A hash whose bits all depend on both names (the finalizer of MurmurHash3). */
  private static int weight(String conversation, String upstream) {
    var hash = 31 * conversation.hashCode() + upstream.hashCode();
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    hash *= 0xc2b2ae35;
    return hash ^ hash >>> 16;
  }
}
