package dev.penstock.local;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.metrics.Metrics;

/** The services as the launcher makes them, for tests in other packages. */
public final class Services {
  private Services() {}

  public static Service gateway(Environment environment, Metrics metrics) {
    return OneService.gateway(environment, metrics, false);
  }

  public static Service sessionService(Environment environment, Metrics metrics) {
    return OneService.sessionService(environment, metrics, false);
  }

  public static Service inferenceProxy(Environment environment, Metrics metrics) {
    return OneService.inferenceProxy(environment, metrics, false);
  }

  public static Service simulator(Environment environment, Metrics metrics) {
    return OneService.simulator(environment, metrics, false);
  }
}
