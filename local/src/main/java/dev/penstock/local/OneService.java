package dev.penstock.local;

import dev.penstock.gateway.GatewayService;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.proxy.InferenceProxy;
import dev.penstock.session.SessionService;
import dev.penstock.simulator.SimulatorService;

/** The services, each made from an environment. */
final class OneService {
  private OneService() {}

  /**
   * The service behind a command's word.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming what is wrong
   */
  static Service of(
      CommandLine.Command command,
      Environment environment,
      Metrics metrics,
      boolean allowUnauthenticated) {
    return switch (command) {
      case GATEWAY -> gateway(environment, metrics, allowUnauthenticated);
      case SESSION_SERVICE -> sessionService(environment, metrics, allowUnauthenticated);
      case INFERENCE_PROXY -> inferenceProxy(environment, metrics, allowUnauthenticated);
      case SIMULATOR -> simulator(environment, metrics, allowUnauthenticated);
      case EVERYTHING, HELP, VERSION ->
          throw new IllegalArgumentException(command + " is not one service");
    };
  }

  static Service gateway(Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return GatewayService.from(environment, metrics, allowUnauthenticated);
  }

  static Service sessionService(
      Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return SessionService.from(environment, metrics, allowUnauthenticated);
  }

  static Service inferenceProxy(
      Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return InferenceProxy.from(environment, metrics, allowUnauthenticated);
  }

  static Service simulator(Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return SimulatorService.from(environment, metrics, allowUnauthenticated);
  }
}
