package dev.penstock.bench.backend;

import java.util.concurrent.atomic.AtomicLong;

/** Answers begun and ended, as {@code GET /load} tells. Safe from any thread. */
final class BackendLoad {
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();

  void opened() {
    begun.incrementAndGet();
  }

  void closed() {
    ended.incrementAndGet();
  }

  long begun() {
    return begun.get();
  }

  /** Answers under way. */
  long open() {
    return begun.get() - ended.get();
  }
}
