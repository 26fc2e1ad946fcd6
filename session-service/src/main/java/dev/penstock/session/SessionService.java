package dev.penstock.session;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Drain;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Session-service inside a process. */
public final class SessionService implements Service {
  private final SessionServiceVerticle verticle;
  private final Tracing tracing;
  private @Nullable Vertx vertx;

  /** Session-service with those settings, not started. */
  public SessionService(SessionServiceConfig config, Metrics metrics, Tracing tracing) {
    this.verticle = new SessionServiceVerticle(config, metrics, tracing);
    this.tracing = tracing;
  }

  /**
   * Reads the settings and composes the service.
   *
   * @param allowUnauthenticated the operator typed {@code --allow-unauthenticated}
   * @throws dev.penstock.kit.config.ConfigurationException naming what is wrong
   */
  public static SessionService from(
      Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return new SessionService(
        SessionServiceConfig.from(environment, allowUnauthenticated),
        metrics,
        Tracing.from(environment, SessionServiceVerticle.NAME, metrics));
  }

  /** As {@link #from(Environment, Metrics, boolean)}, on loopback or behind an identity check. */
  public static SessionService from(Environment environment, Metrics metrics) {
    return from(environment, metrics, false);
  }

  @Override
  public String name() {
    return SessionServiceVerticle.NAME;
  }

  @Override
  public Future<Void> start(Vertx on) {
    vertx = on;
    return on.deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .mapEmpty();
  }

  @Override
  public int port() {
    return verticle.port();
  }

  @Override
  public Future<Void> drain() {
    var on = vertx;
    if (on == null) {
      return Future.succeededFuture();
    }
    verticle.readiness().draining();
    return Drain.await(on, Drain.GRACE, verticle::requests)
        .compose(_ -> on.undeploy(verticle.deploymentID()))
        .eventually(tracing::close);
  }
}
