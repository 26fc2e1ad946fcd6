package dev.penstock.simulator.engine;

import io.vertx.core.Vertx;
import java.util.PriorityQueue;

/**
 * Wakes any number of paced generations with one timer, at most once a millisecond and never early.
 * Confined to the event loop that makes it.
 */
final class Pacer {
  private static final long NANOS_PER_MS = 1_000_000;

  /** How long one tick may keep the event loop from its sockets. */
  private static final long SLICE_NANOS = 5 * NANOS_PER_MS;

  /** Called once, when its time has come. */
  interface Paced {
    /** {@code now} is {@link System#nanoTime()}. */
    void due(long now);
  }

  /** A wake-up that can be called off. */
  final class Wake implements Comparable<Wake> {
    private final long at;
    private final Paced paced;

    private Wake(long at, Paced paced) {
      this.at = at;
      this.paced = paced;
    }

    void cancel() {
      wakes.remove(this);
    }

    @Override
    public int compareTo(Wake other) {
      return Long.compare(at - other.at, 0);
    }
  }

  private final Vertx vertx;
  private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
  private boolean waking;
  private long timer = -1;
  private long timerAt;

  Pacer(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Calls {@code paced} at or shortly after that {@link System#nanoTime()}. */
  Wake at(long nanoTime, Paced paced) {
    var wake = new Wake(nanoTime, paced);
    wakes.add(wake);
    if (!waking && (timer == -1 || nanoTime - timerAt < 0)) {
      arm();
    }
    return wake;
  }

  private void wake() {
    timer = -1;
    waking = true;
    try {
      var now = System.nanoTime();
      for (var next = wakes.peek(); next != null && next.at - now <= 0; next = wakes.peek()) {
        wakes.remove();
        next.paced.due(now);
        if (System.nanoTime() - now > SLICE_NANOS) {
          break;
        }
      }
    } finally {
      waking = false;
      arm();
    }
  }

  private void arm() {
    if (timer != -1) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    if (!wakes.isEmpty()) {
      timerAt = wakes.element().at;
      var delay = timerAt - System.nanoTime() + NANOS_PER_MS - 1;
      timer = vertx.setTimer(Math.max(1, delay / NANOS_PER_MS), _ -> wake());
    }
  }
}
