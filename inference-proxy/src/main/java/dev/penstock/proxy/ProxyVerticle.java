package dev.penstock.proxy;

import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.http.HealthRoutes;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.identity.CallerCheck;
import dev.penstock.kit.problem.ProblemHandler;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.metrics.ProxyMetrics;
import dev.penstock.proxy.models.ModelsRoutes;
import dev.penstock.proxy.relay.EmbeddingsHandler;
import dev.penstock.proxy.relay.GenerationsHandler;
import dev.penstock.proxy.relay.RelayLoop;
import dev.penstock.proxy.relay.RelayServices;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One event loop that relays: its routes, its HTTP client, its share of the listening port. */
final class ProxyVerticle extends VerticleBase {
  // Small, so that a caller that does not read is felt at the model's socket.
  private static final int SEND_BUFFER_BYTES = 64 * 1024;

  private final ProxyConfig config;
  private final int sharedPort;
  private final ControlVerticle control;
  private final Readiness readiness;
  private final AtomicInteger active;
  private final ProxyMetrics measured;
  private final Traces traces;
  private @Nullable HttpServer server;
  private @Nullable RelayLoop loop;

  /**
   * An instance.
   *
   * @param sharedPort the same for all instances of one proxy
   * @param active counts the generations of all instances
   */
  ProxyVerticle(
      ProxyConfig config,
      int sharedPort,
      ControlVerticle control,
      Readiness readiness,
      AtomicInteger active,
      ProxyMetrics measured,
      Traces traces) {
    this.config = config;
    this.sharedPort = sharedPort;
    this.control = control;
    this.readiness = readiness;
    this.active = active;
    this.measured = measured;
    this.traces = traces;
  }

  @Override
  public Future<?> start() {
    var relayLoop = new RelayLoop(vertx, active, measured.loop());
    loop = relayLoop;
    var services =
        new RelayServices(
            control.desk(),
            upstreams(),
            relayLoop,
            config.relay(),
            config.embeddings(),
            traces.spans(),
            control.models()::maxOutputTokens);

    var router = Router.router(vertx);
    traces.tracing().mount(router, Tracing.Roots.NONE);
    router.route().handler(new RequestId());
    var callers = config.callers();
    var issuer = control.issuer();
    if (callers != null && issuer != null) {
      router.route().handler(new CallerCheck(callers, issuer, InstantSource.system()));
    }
    HealthRoutes.mount(router, InferenceProxy.NAME, readiness::notReady, control::dependencies);
    router
        .post("/generations")
        .handler(BodyHandler.create(false).setBodyLimit(config.maxBodyBytes()))
        .handler(new GenerationsHandler(vertx, services, readiness));
    router
        .post("/embeddings")
        .handler(BodyHandler.create(false).setBodyLimit(config.maxBodyBytes()))
        .handler(new EmbeddingsHandler(vertx, services, readiness));
    ModelsRoutes.mount(router, vertx, control.context(), control.models());
    router.route().failureHandler(new ProblemHandler(Problems::of));

    var options =
        HttpListener.options(config.listen().host(), sharedPort)
            .setSendBufferSize(SEND_BUFFER_BYTES);
    return HttpListener.listen(vertx, options, HttpListener.Bounds.INTERNAL, router)
        .onSuccess(listening -> server = listening);
  }

  int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.actualPort();
  }

  /** Ends every generation that still runs with {@code draining}. */
  void drain() {
    context.runOnContext(
        _ -> {
          if (loop != null) {
            loop.drain();
          }
        });
  }

  private Map<String, Upstream> upstreams() {
    var upstreams = new HashMap<String, Upstream>();
    for (var each : config.serving().upstreams()) {
      upstreams.put(
          each.name(),
          ServerConnector.of(each).upstream(vertx, each, config, control.credentials().of(each)));
    }
    return upstreams;
  }
}
