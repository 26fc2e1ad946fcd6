package dev.penstock.proxy.relay;

import dev.penstock.proxy.metrics.LoopMeter;
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
  private final LoopMeter meter;
  private final Context context;
  private long arrival;

  /**
   * A loop whose timer runs on the calling context.
   *
   * @param active counts the generations of all loops
   * @param meter of this loop; what it counts is handed over ten times a second
   */
  public RelayLoop(Vertx vertx, AtomicInteger active, LoopMeter meter) {
    this.active = active;
    this.meter = meter;
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

  LoopMeter meter() {
    return meter;
  }

  /**
   * When what is read now arrived, of {@link LoopMeter#now}: the clock is read once for all that
   * one tick of the event loop brings.
   */
  long arrival() {
    if (unflushed.isEmpty()) {
      arrival = meter.now();
    }
    return arrival;
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
    meter.publish();
  }

  private List<Relayed> snapshot() {
    return new ArrayList<>(running);
  }
}
