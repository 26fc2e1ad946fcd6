package dev.penstock.proxy.admission;

import org.jspecify.annotations.Nullable;

/**
 * Which of two upstreams with a free slot a conversation goes to: by rendezvous hash to the one
 * that most likely holds its prefix; without a conversation to the one with more room. Shared
 * upstreams hold nobody's prefix: they count as one in the hash, and room decides among them.
 */
final class Affinity {
  private Affinity() {}

  static boolean prefers(@Nullable String conversation, UpstreamSlots a, UpstreamSlots b) {
    var pinned =
        conversation == null
            ? 0
            : Integer.compareUnsigned(weight(conversation, a), weight(conversation, b));
    return pinned != 0 ? pinned > 0 : a.total() - a.lent() > b.total() - b.lent();
  }

  /** Whether {@code a} rather than {@code b} holds the conversation's prefix. */
  static boolean pins(String conversation, UpstreamSlots a, UpstreamSlots b) {
    return Integer.compareUnsigned(weight(conversation, a), weight(conversation, b)) > 0;
  }

  private static int weight(String conversation, UpstreamSlots upstream) {
    return weight(conversation, upstream.shared() ? "" : upstream.name());
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
