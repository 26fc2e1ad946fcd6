package dev.penstock.simulator;

import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.simulator.catalog.Catalog;
import dev.penstock.simulator.control.ControlServer;
import dev.penstock.simulator.engine.Engine;
import dev.penstock.simulator.engine.Journal;
import dev.penstock.simulator.engine.Occupancy;
import dev.penstock.simulator.engine.Scheduler;
import dev.penstock.simulator.fault.Faults;
import dev.penstock.simulator.http.Limits;
import dev.penstock.simulator.http.OllamaServer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

/**
 * One simulated Ollama on one event loop. Deploy it once: slots and loaded models are its own, and
 * two instances would be two machines behind one port.
 */
public final class SimulatorVerticle extends VerticleBase {
  private final SimulatorConfig config;
  private final Tracing tracing;
  private final Occupancy occupancy = new Occupancy();
  private volatile int port = -1;
  private volatile int controlPort = -1;

  /** A simulator with these settings, without traces. */
  public SimulatorVerticle(SimulatorConfig config) {
    this(config, Tracing.OFF);
  }

  SimulatorVerticle(SimulatorConfig config, Tracing tracing) {
    this.config = config;
    this.tracing = tracing;
  }

  /** The port that speaks Ollama's API, once deployed. */
  public int port() {
    return port;
  }

  /** The port of {@code /faults} and {@code /state}, once deployed; -1 if it is not open. */
  public int controlPort() {
    return controlPort;
  }

  /** How full it is, for gauges. */
  Occupancy occupancy() {
    return occupancy;
  }

  @Override
  public Future<?> start() {
    var catalog = new Catalog(config.models());
    var journal = new Journal();
    var faults = new Faults(config.faults());
    var scheduler =
        new Scheduler(
            vertx,
            occupancy,
            config.slots(),
            config.savedPrompts(),
            config.maxQueue(),
            config.keepAlive(),
            config.loadTime());
    var engine = new Engine(vertx, scheduler, faults, journal, config.prefillTokensPerSecond());
    var ollama =
        new OllamaServer(
            catalog,
            scheduler,
            engine,
            journal,
            new Limits(
                config.contextLength(),
                config.tokensPerSecond(),
                config.seed(),
                config.maxBodyBytes()),
            config.listen().loopback());

    return listen(config.listen().port(), tracing.around(ollama, Tracing.Roots.NONE))
        .compose(
            server -> {
              port = server.actualPort();
              return config.controlPort() < 0
                  ? Future.<HttpServer>succeededFuture()
                  : listen(config.controlPort(), new ControlServer(faults, scheduler, journal));
            })
        .onSuccess(control -> controlPort = control == null ? -1 : control.actualPort());
  }

  private Future<HttpServer> listen(int onPort, Handler<HttpServerRequest> handler) {
    // Ollama speaks HTTP/1.1 only.
    var options =
        HttpListener.options(config.listen().host(), onPort).setHttp2ClearTextEnabled(false);
    return HttpListener.listen(vertx, options, HttpListener.Bounds.INTERNAL, handler);
  }
}
