package dev.penstock.proxy;

import static java.lang.System.Logger.Level.INFO;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Drain;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.http.Descriptors;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.metrics.ManagementServer;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.metrics.ProxyMetrics;
import dev.penstock.proxy.serving.UpstreamConfig;
import dev.penstock.proxy.trace.GenerationSpans;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The service: one {@link ControlVerticle} and as many {@link ProxyVerticle}s as configured. */
public final class InferenceProxy implements Service {
  /** The name in logs, metrics and {@code /health}. */
  public static final String NAME = "inference-proxy";

  private static final System.Logger LOG = System.getLogger(InferenceProxy.class.getName());
  private static final Duration CUT = Duration.ofSeconds(1);

  private final ProxyConfig config;
  private final Metrics metrics;
  private final ProxyMetrics measured;
  private final Traces traces;
  private final Readiness readiness = new Readiness();
  private final AtomicInteger active = new AtomicInteger();
  private final List<ProxyVerticle> relays = new CopyOnWriteArrayList<>();
  private @Nullable Vertx vertx;

  /** A proxy with those settings, not started, and without traces. */
  public InferenceProxy(ProxyConfig config, Metrics metrics) {
    this(config, metrics, Traces.OFF);
  }

  private InferenceProxy(ProxyConfig config, Metrics metrics, Traces traces) {
    this.config = config;
    this.metrics = metrics;
    this.measured = new ProxyMetrics(metrics, config.serving().upstreams());
    this.traces = traces;
  }

  /**
   * A proxy as its environment says.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming the setting that is wrong
   */
  public static InferenceProxy from(
      Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    var config = ProxyConfig.from(environment, allowUnauthenticated);
    var tracing = Tracing.from(environment, NAME, metrics);
    var spans = GenerationSpans.from(environment, tracing, config.serving().upstreams());
    return new InferenceProxy(config, metrics, new Traces(tracing, spans));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Future<Void> start(Vertx vertx) {
    this.vertx = vertx;
    Descriptors.check(NAME, ServerConnector.connections(config));
    measured.gauges(metrics, active);
    config.serving().upstreams().forEach(InferenceProxy::announce);
    var control = new ControlVerticle(config, metrics);
    return vertx
        .deployVerticle(control)
        .compose(_ -> deploy(vertx, control))
        .compose(_ -> management(vertx))
        .onSuccess(_ -> readiness.ready());
  }

  @Override
  public int port() {
    return relays.getFirst().port();
  }

  @Override
  public Future<Void> drain() {
    readiness.draining();
    if (vertx == null) {
      return Future.succeededFuture();
    }
    var running = vertx;
    return Drain.await(running, Drain.GRACE, active::get)
        .compose(
            _ -> {
              relays.forEach(ProxyVerticle::drain);
              return Drain.await(running, CUT, active::get);
            })
        .eventually(traces.tracing()::close);
  }

  private static void announce(UpstreamConfig upstream) {
    LOG.log(
        INFO,
        upstream.name()
            + " is "
            + upstream.url()
            + " with "
            + upstream.slots()
            + " slot(s)"
            + (upstream.shared()
                ? "; it is shared, so no conversation is kept on one server behind it"
                : ""));
  }

  private Future<Void> deploy(Vertx vertx, ControlVerticle control) {
    var port = HttpListener.shared(config.listen().port());
    return vertx
        .deployVerticle(
            () -> {
              var relay =
                  new ProxyVerticle(config, port, control, readiness, active, measured, traces);
              relays.add(relay);
              return relay;
            },
            new DeploymentOptions().setInstances(config.instances()))
        .mapEmpty();
  }

  private Future<Void> management(Vertx vertx) {
    var port = config.listen().managementPort();
    return port == null
        ? Future.succeededFuture()
        : ManagementServer.listen(
                vertx, config.listen().host(), port, NAME, metrics, readiness::notReady)
            .mapEmpty();
  }
}
