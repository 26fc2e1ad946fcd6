package dev.penstock.simulator.http;

import dev.penstock.simulator.wire.OllamaError;

/** Answers the requests of one method on one path. */
@FunctionalInterface
interface Route {
  /**
   * Answers, now or later.
   *
   * @throws OllamaError to be answered in its stead
   */
  void handle(Exchange exchange);
}
