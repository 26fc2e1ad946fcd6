package dev.penstock.gateway.turns;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What needs looking at now and then on one event loop, served by one timer: keep-alives, stalls,
 * deadlines. Time is counted in ticks, which spares a clock reading per token. All but {@link
 * #execute} is confined to the loop.
 */
final class TurnLoop {
  static final Duration TICK = Duration.ofMillis(250);

  /** Something with deadlines. */
  interface Swept {
    /** Looks at its deadlines; called once per tick. */
    void sweep(int tick);

    /** What waits for a client in this process, in bytes. */
    default int buffered() {
      return 0;
    }
  }

  private final Set<Swept> swept = new LinkedHashSet<>();
  private final Context context;
  private final Vertx vertx;
  private final long timer;
  private int tick;
  private volatile long buffered;
  private volatile int mostBuffered;

  /** Call on the loop. */
  TurnLoop(Vertx vertx) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.timer = vertx.setPeriodic(TICK.toMillis(), _ -> sweep());
  }

  /** Runs {@code task} on this loop, later. Safe from any thread. */
  void execute(Runnable task) {
    context.runOnContext(_ -> task.run());
  }

  Context context() {
    return context;
  }

  Vertx vertx() {
    return vertx;
  }

  int tick() {
    return tick;
  }

  /** How many ticks make at least {@code duration}. */
  static int ticks(Duration duration) {
    return (int) Math.ceilDiv(duration.toMillis(), TICK.toMillis());
  }

  void add(Swept each) {
    swept.add(each);
  }

  void remove(Swept each) {
    swept.remove(each);
  }

  /** What waits for all clients of this loop, as of the last tick. Safe from any thread. */
  long buffered() {
    return buffered;
  }

  /** The most of that which waits for one client. Safe from any thread. */
  int mostBuffered() {
    return mostBuffered;
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  private void sweep() {
    tick++;
    var sum = 0L;
    var most = 0;
    for (var each : swept.toArray(new Swept[0])) {
      each.sweep(tick);
      sum += each.buffered();
      most = Math.max(most, each.buffered());
    }
    buffered = sum;
    mostBuffered = most;
  }
}
