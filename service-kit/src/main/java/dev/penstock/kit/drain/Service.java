package dev.penstock.kit.drain;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * One of our services inside a process: started once, drained once, stopped once. The launcher runs
 * several in one process; {@link ServiceProcess} runs one.
 */
public interface Service {
  /** The name in logs, metrics and {@code /health}. */
  String name();

  /** Deploys the verticles; completes when the port answers. */
  Future<Void> start(Vertx vertx);

  /** The port that answers, once started. */
  int port();

  /**
   * Takes no new work, ends what is running in its own way, and completes when nothing is left.
   * Never takes longer than {@link Drain#LIMIT}.
   */
  Future<Void> drain();
}
