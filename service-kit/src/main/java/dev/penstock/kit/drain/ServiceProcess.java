package dev.penstock.kit.drain;

import static java.lang.System.Logger.Level.INFO;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.log.ConsoleEncoder;
import dev.penstock.kit.log.LogFormat;
import dev.penstock.kit.metrics.Metrics;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Runs one service as a process: starts it, waits for SIGTERM or Ctrl-C, drains it, exits 0. A
 * configuration that is wrong or a port that is taken is one line and exit 1.
 */
public final class ServiceProcess {
  private static final System.Logger LOG = System.getLogger(ServiceProcess.class.getName());

  private ServiceProcess() {}

  /** Does not return before the service is up; then the process lives on its event loops. */
  public static void run(Function<Metrics, Service> composition) {
    try {
      var environment = new Environment(System.getenv());
      LogFormat.check(environment);
      var metrics = new Metrics(Listen.measured(environment));
      var service = composition.apply(metrics);
      ConsoleEncoder.nameService(service.name());
      var vertx = metrics.vertx();
      service.start(vertx).toCompletionStage().toCompletableFuture().join();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, service), "drain"));
      LOG.log(INFO, service.name() + " listens on port " + service.port());
    } catch (RuntimeException e) {
      exitWith(e);
    }
  }

  private static void stop(Vertx vertx, Service service) {
    try {
      service
          .drain()
          .toCompletionStage()
          .toCompletableFuture()
          .get(Drain.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.log(INFO, service.name() + " was not idle in time and is closed");
    } catch (Exception e) {
      LOG.log(System.Logger.Level.ERROR, service.name() + " could not drain", e);
    }
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(1, TimeUnit.SECONDS)
        .exceptionally(_ -> null)
        .join();
    exitStopped();
  }

  /**
   * Ends the process with 0, from its last shutdown hook: left alone, a JVM that was told to stop
   * ends with the signal's number, and a clean drain looks like a crash.
   */
  public static void exitStopped() {
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Says what is wrong in one line and ends the process with 1. */
  public static void exitWith(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof ConfigurationException)) {
      cause = cause.getCause();
    }
    if (cause instanceof ConfigurationException || cause instanceof BindException) {
      System.err.println("penstock: " + cause.getMessage());
    } else {
      LOG.log(System.Logger.Level.ERROR, "could not start", failure);
      System.err.println("penstock: could not start: " + cause);
    }
    System.exit(1);
  }
}
