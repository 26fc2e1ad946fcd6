package dev.penstock.gateway.store;

import java.util.concurrent.atomic.AtomicInteger;

/** Calls to session-service without an answer yet, of all event loops. Safe from any thread. */
public final class StoreLoad {
  private final AtomicInteger foreground = new AtomicInteger();
  private final AtomicInteger log = new AtomicInteger();
  private final AtomicInteger lease = new AtomicInteger();

  void began(Lane lane) {
    count(lane).incrementAndGet();
  }

  void ended(Lane lane) {
    count(lane).decrementAndGet();
  }

  /** Calls of this lane that wait for a connection or an answer. */
  public int of(Lane lane) {
    return count(lane).get();
  }

  private AtomicInteger count(Lane lane) {
    return switch (lane) {
      case FOREGROUND -> foreground;
      case LOG -> log;
      case LEASE -> lease;
    };
  }
}
