package dev.penstock.gateway.routing;

import java.net.URI;
import java.util.Comparator;
import java.util.List;

/**
 * Highest-random-weight order of addresses: the same key meets the same address on every gateway,
 * and an address that leaves moves only its own keys.
 */
public final class Rendezvous {
  private Rendezvous() {}

  /** All addresses, the one for {@code key} first, the next ones as fallbacks. */
  public static List<URI> order(List<URI> addresses, Object key) {
    if (addresses.size() == 1) {
      return addresses;
    }
    var hash = mix(key.hashCode());
    return addresses.stream()
        .sorted(Comparator.comparingLong((URI address) -> weight(address, hash)).reversed())
        .toList();
  }

  private static long weight(URI address, long key) {
    return mix(address.toString().hashCode() ^ key);
  }

  // Finalizer of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
  private static long mix(long value) {
    var z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
