package dev.penstock.proxy.relay;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The generations and embeddings of one event loop, with one timer and one flush for all of them:
 * time limits and keep-alives are looked at ten times a second instead of armed and disarmed for
 * each token, and what one tick of the event loop brought to all streams is written by one task.
 */
public final class RelayLoop {
  private static final long TICK_MS = 100;

  private final Set<Relayed> running = new LinkedHashSet<>();
  private final Deque<EventStream> unflushed = new ArrayDeque<>();
  private final AtomicInteger active;
  private final Context context;

  /**
   * A loop whose timer runs on the calling context.
   *
   * @param active counts the generations of all loops
   */
  public RelayLoop(Vertx vertx, AtomicInteger active) {
    this.active = active;
    this.context = vertx.getOrCreateContext();
    vertx.setPeriodic(TICK_MS, _ -> tick());
  }

  /** Ends what still runs with {@code draining}; called on this loop's context. */
  public void drain() {
    snapshot().forEach(Relayed::drain);
  }

  /** Monotonic milliseconds. */
  static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  void add(Relayed relay) {
    if (running.add(relay)) {
      active.incrementAndGet();
    }
  }

  void remove(Relayed relay) {
    if (running.remove(relay)) {
      active.decrementAndGet();
    }
  }

  /** Has the stream flushed once all that arrived in this tick of the event loop was read. */
  void flushSoon(EventStream stream) {
    if (unflushed.isEmpty()) {
      context.runOnContext(_ -> flushAll());
    }
    unflushed.add(stream);
  }

  private void flushAll() {
    for (var stream = unflushed.poll(); stream != null; stream = unflushed.poll()) {
      stream.flush();
    }
  }

  private void tick() {
    var now = now();
    for (var relay : snapshot()) {
      relay.tick(now);
    }
  }

  private List<Relayed> snapshot() {
    return new ArrayList<>(running);
  }
}
