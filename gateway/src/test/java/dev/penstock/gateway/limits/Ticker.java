package dev.penstock.gateway.limits;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Time that passes when the test says so. */
final class Ticker implements LongSupplier {
  private long now = Long.MAX_VALUE - 1; // nanoTime may be anything, and overflow

  @Override
  public long getAsLong() {
    return now;
  }

  void pass(Duration duration) {
    now += duration.toNanos();
  }
}
