package dev.penstock.simulator;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.metrics.ManagementServer;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.simulator.engine.Occupancy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import org.jspecify.annotations.Nullable;

/** A simulator as a service of a process. */
public final class SimulatorService implements Service {
  private static final String NAME = "simulator";

  private final SimulatorConfig config;
  private final Metrics metrics;
  private final Tracing tracing;
  private final SimulatorVerticle verticle;
  private final Readiness readiness = new Readiness();
  private @Nullable Vertx vertx;
  private @Nullable String deployment;
  private @Nullable HttpServer management;

  private SimulatorService(SimulatorConfig config, Metrics metrics, Tracing tracing) {
    this.config = config;
    this.metrics = metrics;
    this.tracing = tracing;
    this.verticle = new SimulatorVerticle(config, tracing);
  }

  /**
   * Reads the settings.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming what is wrong
   */
  public static SimulatorService from(
      Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return new SimulatorService(
        SimulatorConfig.from(environment, allowUnauthenticated),
        metrics,
        Tracing.from(environment, NAME, metrics));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Future<Void> start(Vertx startedOn) {
    vertx = startedOn;
    registerGauges(verticle.occupancy());
    return startedOn
        .deployVerticle(verticle)
        .onSuccess(id -> deployment = id)
        .compose(_ -> openManagement(startedOn))
        .onSuccess(_ -> readiness.ready());
  }

  @Override
  public int port() {
    return verticle.port();
  }

  /** The port of {@code /faults} and {@code /state}; -1 if it is not open. */
  public int controlPort() {
    return verticle.controlPort();
  }

  /** Cuts what is running, without a word, as Ollama does on SIGTERM (ollama-api.md section 8). */
  @Override
  public Future<Void> drain() {
    readiness.draining();
    if (vertx == null || deployment == null) {
      return Future.succeededFuture();
    }
    var closed = management == null ? Future.<Void>succeededFuture() : management.close();
    var undeployed = vertx.undeploy(deployment);
    return closed.compose(_ -> undeployed).eventually(tracing::close);
  }

  private Future<Void> openManagement(Vertx on) {
    var port = config.listen().managementPort();
    if (port == null) {
      return Future.succeededFuture();
    }
    return ManagementServer.listen(
            on, config.listen().host(), port, NAME, metrics, readiness::notReady)
        .onSuccess(server -> management = server)
        .mapEmpty();
  }

  private void registerGauges(Occupancy occupancy) {
    metrics.gauge(
        "simulator_slots_in_use", "Slots held by generations", occupancy, Occupancy::slotsInUse);
    metrics.gauge(
        "simulator_waiting_for_slot",
        "Generations waiting for a slot",
        occupancy,
        Occupancy::waitingForSlot);
    metrics.gauge(
        "simulator_waiting_for_load",
        "Requests waiting for a model to load",
        occupancy,
        Occupancy::waitingForLoad);
  }
}
