package dev.penstock.simulator.engine;

import dev.penstock.simulator.fault.Fault;
import dev.penstock.simulator.fault.FaultOrder;
import dev.penstock.simulator.fault.Faults;
import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Makes generations; what they share is here. Confined to one event loop. */
public final class Engine {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  final Scheduler scheduler;
  final Pacer pacer;
  final Journal journal;
  private final Faults faults;
  private final int prefillTokensPerSecond;

  /**
   * @param prefillTokensPerSecond how fast prompts are read; 0 for no time at all
   */
  public Engine(
      Vertx vertx,
      Scheduler scheduler,
      Faults faults,
      Journal journal,
      int prefillTokensPerSecond) {
    this.scheduler = scheduler;
    this.pacer = new Pacer(vertx);
    this.journal = journal;
    this.faults = faults;
    this.prefillTokensPerSecond = prefillTokensPerSecond;
  }

  /**
   * Makes a generation that owes its outcome to {@code reply}, once started.
   *
   * @param startedAt {@link System#nanoTime()} when the request came
   * @throws OllamaError 503 if a fault says so
   */
  public Generation prepare(Order order, long startedAt, Reply reply) {
    journal.began();
    var fault = faults.take(order.model().name()).orElse(null);
    if (isBusy(fault)) {
      throw OllamaError.busy();
    }
    return new Generation(this, order, startedAt, fault, reply);
  }

  private static boolean isBusy(@Nullable FaultOrder fault) {
    return fault != null && fault.fault() instanceof Fault.Busy;
  }

  long prefillNanos(int promptTokens) {
    return prefillTokensPerSecond == 0
        ? 0
        : promptTokens * NANOS_PER_SECOND / prefillTokensPerSecond;
  }

  static long intervalNanos(int tokensPerSecond) {
    return NANOS_PER_SECOND / tokensPerSecond;
  }
}
