package dev.penstock.kit.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. Safe from any thread. */
public final class Counter {
  private final LongAdder sum = new LongAdder();

  Counter() {}

  /** Adds one. */
  public void increment() {
    sum.increment();
  }

  /** Adds {@code more}, which is not negative. */
  public void add(long more) {
    sum.add(more);
  }

  long value() {
    return sum.sum();
  }
}
