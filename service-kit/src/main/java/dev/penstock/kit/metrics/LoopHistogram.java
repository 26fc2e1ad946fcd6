package dev.penstock.kit.metrics;

/**
 * One event loop's share of a {@link Histogram}, for what happens with every token: plain fields,
 * handed over by {@link #publish}, which is to be called now and then. Confined to that loop.
 */
public final class LoopHistogram {
  private final Histogram whole;
  private final long[] bounds;
  private final int[] counts;
  private long sum;
  private boolean changed;

  LoopHistogram(Histogram whole, long[] bounds) {
    this.whole = whole;
    this.bounds = bounds;
    this.counts = new int[bounds.length + 1];
  }

  /** As {@link Histogram#record}. */
  public void record(long value) {
    var counted = Math.max(0, value);
    counts[Histogram.bucketOf(bounds, counted)]++;
    sum += counted;
    changed = true;
  }

  /** Hands over what was recorded since the last time. */
  public void publish() {
    if (!changed) {
      return;
    }
    changed = false;
    for (var i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        whole.add(i, counts[i]);
        counts[i] = 0;
      }
    }
    whole.addSum(sum);
    sum = 0;
  }
}
