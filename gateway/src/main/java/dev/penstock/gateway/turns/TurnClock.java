package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.Timings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When an attempt began, when its text did, and when it must be over. Confined to its owner. */
final class TurnClock {
  private final long beganNanos = System.nanoTime();
  private final long budgetNanos;
  private @Nullable Long firstTokenNanos;

  TurnClock(Duration budget) {
    budgetNanos = budget.toNanos();
  }

  void firstToken() {
    firstTokenNanos = System.nanoTime();
  }

  /** Whether the turn's deadline has passed. */
  boolean isPast() {
    return System.nanoTime() - beganNanos >= budgetNanos;
  }

  /** Until the deadline; at least 1. */
  long remainingMs() {
    return Math.max(1, (budgetNanos - (System.nanoTime() - beganNanos)) / 1_000_000);
  }

  /** What can be told without the model server's own figures. */
  Timings timings() {
    var first = firstTokenNanos;
    return new Timings(
        null,
        null,
        null,
        first == null ? null : (first - beganNanos) / 1_000_000,
        first == null ? null : (System.nanoTime() - first) / 1_000_000);
  }
}
