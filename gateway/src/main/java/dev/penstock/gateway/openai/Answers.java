package dev.penstock.gateway.openai;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The answers under way on one event loop, with the one timer that serves their keep-alives, stalls
 * and deadlines. Confined to that loop.
 */
final class Answers {
  private static final int SWEEPS_PER_KEEP_ALIVE = 10;

  private final Set<Answer> open = new LinkedHashSet<>();
  private final Vertx vertx;
  private final Tick tick;
  private final long timer;
  private final int stallSweeps;
  private final int wholeSweeps;
  private volatile int running;

  Answers(Vertx vertx, OpenAiConfig config) {
    this.vertx = vertx;
    this.tick = new Tick(vertx);
    var period = Math.max(1, config.keepAlive().toMillis() / SWEEPS_PER_KEEP_ALIVE);
    this.stallSweeps = sweeps(config.stall().toMillis(), period);
    // The proxy keeps the deadline; here it only has to be noticed if it did not.
    this.wholeSweeps = sweeps(config.wholeDeadline().toMillis() * 101 / 100 + 1_000, period);
    this.timer = vertx.setPeriodic(period, _ -> new ArrayList<>(open).forEach(Answer::sweep));
  }

  void opened(Answer answer) {
    open.add(answer);
    running = open.size();
  }

  void closed(Answer answer) {
    open.remove(answer);
    running = open.size();
  }

  /** Stops every generation and tells every client why. */
  void breakOff(OpenAiError reason) {
    new ArrayList<>(open).forEach(answer -> answer.breakOff(reason));
  }

  /** Safe from any thread. */
  int running() {
    return running;
  }

  Tick tick() {
    return tick;
  }

  /** So many sweeps without a byte taken, and the client is cut off. */
  int stallSweeps() {
    return stallSweeps;
  }

  /** So many sweeps, and an answer in one piece comes too late. */
  int wholeSweeps() {
    return wholeSweeps;
  }

  void close() {
    vertx.cancelTimer(timer);
  }

  private static int sweeps(long millis, long period) {
    return (int) Math.max(1, millis / period);
  }
}
