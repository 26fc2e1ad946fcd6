package dev.penstock.gateway.answer;

import static java.lang.System.Logger.Level.ERROR;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Puts work off to the end of the current turn of the event loop, after all sockets that had
 * something were read: what they brought leaves in one write per stream. Confined to one event
 * loop.
 */
final class Tick {
  private static final System.Logger LOG = System.getLogger(Tick.class.getName());

  private final Vertx vertx;
  private Deque<Runnable> due = new ArrayDeque<>();

  Tick(Vertx vertx) {
    this.vertx = vertx;
  }

  void end(Runnable work) {
    if (due.isEmpty()) {
      vertx.runOnContext(_ -> run());
    }
    due.add(work);
  }

  private void run() {
    var running = due;
    due = new ArrayDeque<>(running.size());
    for (var work : running) {
      try {
        work.run();
      } catch (RuntimeException e) {
        // One stream's fault must not hold up the others of this turn.
        LOG.log(ERROR, "a stream could not be written", e);
      }
    }
  }
}
