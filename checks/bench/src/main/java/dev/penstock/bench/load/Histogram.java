package dev.penstock.bench.load;

/** Counts of durations in microseconds, exact to 3 %. Not thread-safe. */
public final class Histogram {
  private static final int SUB_BITS = 5;
  private static final int SUB = 1 << SUB_BITS;

  private final long[] counts = new long[(64 - SUB_BITS) * SUB];
  private long total;

  void add(long micros) {
    counts[index(Math.max(0, micros))]++;
    total++;
  }

  /** How many were counted. */
  public long total() {
    return total;
  }

  /** The duration that {@code share} of all do not exceed, in microseconds; NaN for none. */
  public double quantile(double share) {
    if (total == 0) {
      return Double.NaN;
    }
    var wanted = (long) Math.ceil(share * total);
    var seen = 0L;
    for (var at = 0; at < counts.length; at++) {
      seen += counts[at];
      if (seen >= wanted) {
        return value(at);
      }
    }
    return Double.NaN;
  }

  private static int index(long micros) {
    if (micros < SUB) {
      return (int) micros;
    }
    var shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
    return (shift + 1) * SUB + (int) (micros >>> shift) - SUB;
  }

  private static double value(int index) {
    if (index < SUB) {
      return index;
    }
    var shift = index / SUB - 1;
    return ((long) (index % SUB + SUB) << shift) + (1L << shift) / 2.0;
  }
}
