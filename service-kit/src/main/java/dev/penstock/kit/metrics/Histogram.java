package dev.penstock.kit.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Numbers of values by upper bounds, and their sum. Safe from any thread; what happens for every
 * token goes through a {@link LoopHistogram}.
 *
 * <p>Values are whole: nanoseconds where the metric is in seconds.
 */
public final class Histogram {
  private final long[] bounds;
  private final AtomicLongArray counts;
  private final LongAdder sum = new LongAdder();

  /**
   * @param bounds rising
   */
  Histogram(long[] bounds) {
    this.bounds = bounds;
    this.counts = new AtomicLongArray(bounds.length + 1);
  }

  /** The bounds of a metric, in the unit of its values. */
  static long[] bounds(List<Double> bounds, double valuesPerUnit) {
    return bounds.stream().mapToLong(bound -> Math.round(bound * valuesPerUnit)).toArray();
  }

  /** Counts a value; one that is negative, as a clock's error may make it, counts as 0. */
  public void record(long value) {
    var counted = Math.max(0, value);
    counts.incrementAndGet(bucketOf(bounds, counted));
    sum.add(counted);
  }

  /** One that belongs to the calling thread and costs no atomic operation. */
  public LoopHistogram onLoop() {
    return new LoopHistogram(this, bounds);
  }

  void add(int bucket, long count) {
    counts.addAndGet(bucket, count);
  }

  void addSum(long more) {
    sum.add(more);
  }

  long sum() {
    return sum.sum();
  }

  /** Values in each bucket alone, the one without bound last. */
  long[] counts() {
    var now = new long[counts.length()];
    for (var i = 0; i < now.length; i++) {
      now[i] = counts.get(i);
    }
    return now;
  }

  /** The first bound that is not below {@code value}; behind the last where there is none. */
  static int bucketOf(long[] bounds, long value) {
    var low = 0;
    var high = bounds.length;
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (bounds[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
