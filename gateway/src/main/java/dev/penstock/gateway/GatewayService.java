package dev.penstock.gateway;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.gateway.adk.WebFiles;
import dev.penstock.gateway.authentication.KnownKeys;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.keyuse.UseLedger;
import dev.penstock.gateway.keyuse.UseReports;
import dev.penstock.gateway.limits.CallerLimits;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.gateway.page.PageAssets;
import dev.penstock.gateway.store.Lane;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.store.StoreLoad;
import dev.penstock.gateway.turns.TurnProcess;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Drain;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.http.Descriptors;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.metrics.ManagementServer;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The gateway as a service: what its event loops share, and as many of them as configured. */
public final class GatewayService implements Service {
  /** The name in logs, metrics and {@code /health}. */
  public static final String NAME = "gateway";

  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Readiness readiness = new Readiness();
  private final StoreLoad storeLoad = new StoreLoad();
  private final TurnProcess turns;
  private final KnownKeys keys;
  private final UseLedger ledger;
  private final CallerLimits limits;
  private final GatewayConfig config;
  private final Metrics metrics;
  private final GatewayMetrics measured;
  private final Tracing tracing;
  private List<GatewayVerticle> verticles = List.of();
  private @Nullable Vertx vertx;
  private @Nullable UseReports reports;

  /** A gateway with those settings, not started. */
  public GatewayService(GatewayConfig config, Metrics metrics, Tracing tracing) {
    this.config = config;
    this.keys =
        new KnownKeys(config.authentication().mostKeys(), config.authentication().mostLookups());
    this.turns = new TurnProcess(config.turns(), tracing);
    this.metrics = metrics;
    this.measured = new GatewayMetrics(metrics);
    this.ledger = new UseLedger(config.limits().callers(), InstantSource.system());
    this.limits =
        new CallerLimits(
            config.limits(), turns::liveGateways, ledger, measured::limited, System::nanoTime);
    this.tracing = tracing;
  }

  /**
   * A gateway as its environment says.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming the setting that is wrong
   */
  public static GatewayService from(
      Environment environment, Metrics metrics, boolean allowUnauthenticated) {
    return new GatewayService(
        GatewayConfig.from(environment, allowUnauthenticated),
        metrics,
        Tracing.from(environment, NAME, metrics));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Future<Void> start(Vertx vertx) {
    this.vertx = vertx;
    Descriptors.check(NAME, config.outgoingConnections());
    return vertx
        .executeBlocking(PageAssets::load)
        .compose(page -> deploy(vertx, page))
        .compose(_ -> management(vertx))
        .onSuccess(_ -> readiness.ready());
  }

  private Future<?> deploy(Vertx vertx, PageAssets page) {
    var background = new BackgroundVerticle(config.inference(), config.identity(), config.oidc());
    return vertx
        .deployVerticle(background)
        .compose(
            _ ->
                vertx.deployVerticle(
                    turns.background(loop -> storeOn(loop, background.identity()))))
        .compose(_ -> vertx.deployVerticle(reports(background)))
        .compose(_ -> deploy(vertx, page, background));
  }

  private UseReports reports(BackgroundVerticle background) {
    var made =
        new UseReports(
            ledger, config.limits().useFlush(), loop -> storeOn(loop, background.identity()));
    reports = made;
    return made;
  }

  private Future<?> deploy(Vertx vertx, PageAssets page, BackgroundVerticle background) {
    var models = background.models();
    var dependencies = new Dependencies(models);
    var process =
        new ProcessParts(
            readiness,
            turns,
            limits,
            models,
            keys,
            background.issuer(),
            background.identity(),
            storeLoad,
            dependencies,
            page,
            new WebFiles(),
            measured,
            tracing);
    var port = HttpListener.shared(config.listen().port());
    verticles =
        IntStream.range(0, config.eventLoops())
            .mapToObj(_ -> new GatewayVerticle(config, process, port))
            .toList();
    registerGauges();
    return Future.all(verticles.stream().map(vertx::deployVerticle).toList());
  }

  private SessionStore storeOn(Vertx loop, ServiceIdentity identity) {
    return new SessionStore(loop, config.store(), storeLoad, identity, tracing);
  }

  @Override
  public int port() {
    return verticles.getFirst().port();
  }

  /** Everything that is mounted on one of its loops, which are all alike. */
  List<Route> routes() {
    return verticles.getFirst().routes();
  }

  @Override
  public Future<Void> drain() {
    readiness.draining();
    if (vertx == null) {
      return Future.succeededFuture();
    }
    return Future.join(turns.drain(vertx), drainStateless(vertx))
        .eventually(() -> reports == null ? Future.succeededFuture() : reports.last())
        .eventually(tracing::close)
        .mapEmpty();
  }

  private Future<Void> drainStateless(Vertx vertx) {
    return Drain.await(vertx, Drain.GRACE, this::running)
        .compose(
            _ -> {
              verticles.forEach(GatewayVerticle::breakOff);
              return Drain.await(vertx, LAST_WORDS, this::running);
            });
  }

  private int running() {
    return verticles.stream().mapToInt(GatewayVerticle::running).sum();
  }

  private double buffered() {
    return (double)
        (turns.buffered() + verticles.stream().mapToLong(GatewayVerticle::buffered).sum());
  }

  private int mostBuffered() {
    return Math.max(
        turns.mostBuffered(),
        verticles.stream().mapToInt(GatewayVerticle::mostBuffered).max().orElse(0));
  }

  private void registerGauges() {
    turns.register(metrics);
    measured.gauges(metrics);
    var buffered = Metric.CHAT_BUFFERED_BYTES;
    metrics.gauge(
        buffered.id(),
        buffered.help(),
        this,
        GatewayService::buffered,
        buffered.tags(List.of(GatewayMetrics.SERVICE, "client", "sum")));
    metrics.gauge(
        buffered.id(),
        buffered.help(),
        this,
        GatewayService::mostBuffered,
        buffered.tags(List.of(GatewayMetrics.SERVICE, "client", "max")));
    var limited = Metric.GATEWAY_LIMITED_CALLERS;
    metrics.gauge(limited.id(), limited.help(), limits, CallerLimits::accounts);
    var known = Metric.GATEWAY_KEYS_KNOWN;
    metrics.gauge(known.id(), known.help(), keys, KnownKeys::size);
    var lookups = Metric.GATEWAY_KEY_LOOKUPS;
    metrics.gauge(lookups.id(), lookups.help(), keys, KnownKeys::lookups);
    var answers = Metric.GATEWAY_STATELESS_ANSWERS;
    metrics.gauge(answers.id(), answers.help(), this, GatewayService::running);
    for (var lane : Lane.values()) {
      metrics.gauge(
          Metric.GATEWAY_STORE_CALLS.id(),
          Metric.GATEWAY_STORE_CALLS.help(),
          storeLoad,
          load -> load.of(lane),
          Metric.GATEWAY_STORE_CALLS.tags(List.of(lane.name().toLowerCase(Locale.ROOT))));
    }
  }

  private Future<Void> management(Vertx vertx) {
    var listen = config.listen();
    return listen.managementPort() == null
        ? Future.succeededFuture()
        : ManagementServer.listen(
                vertx, listen.host(), listen.managementPort(), NAME, metrics, readiness::notReady)
            .mapEmpty();
  }
}
