package dev.penstock.session;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.http.HealthRoutes;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.identity.CallerCheck;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.metrics.ManagementServer;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.problem.ProblemHandler;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.session.adk.AgentSessionRoutes;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Problems;
import dev.penstock.session.items.ItemRoutes;
import dev.penstock.session.keys.KeyRoutes;
import dev.penstock.session.keys.Keys;
import dev.penstock.session.keyuse.KeyUseBook;
import dev.penstock.session.keyuse.KeyUseRoutes;
import dev.penstock.session.leases.LeaseRoutes;
import dev.penstock.session.leases.Leases;
import dev.penstock.session.leases.OwnLease;
import dev.penstock.session.metrics.TurnMetrics;
import dev.penstock.session.retention.Retention;
import dev.penstock.session.sessions.SessionRoutes;
import dev.penstock.session.tokenlog.LogAppender;
import dev.penstock.session.tokenlog.LogPoller;
import dev.penstock.session.tokenlog.LogRoutes;
import dev.penstock.session.tokenlog.PartitionKeeper;
import dev.penstock.session.turns.OrphanCloser;
import dev.penstock.session.turns.Reaper;
import dev.penstock.session.turns.TurnFinisher;
import dev.penstock.session.turns.TurnRoutes;
import dev.penstock.session.turns.Turns;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Puts session-service together: pools, stores, routes, housekeeping. Deployed on virtual threads;
 * its edges, one per event loop, share everything but their sockets.
 */
public final class SessionServiceVerticle extends VerticleBase {
  static final String NAME = "session-service";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final AtomicInteger requests = new AtomicInteger();
  private final Readiness readiness = new Readiness();
  private final SessionServiceConfig config;
  private final Metrics metrics;
  private final Tracing tracing;
  private final List<Database> pools = new ArrayList<>();
  private volatile int port;
  private @Nullable Housekeeping housekeeping;
  private @Nullable OwnLease ownLease;

  public SessionServiceVerticle(SessionServiceConfig config, Metrics metrics, Tracing tracing) {
    this.config = config;
    this.metrics = metrics;
    this.tracing = tracing;
  }

  /** Blocks its virtual thread until the database answered and the port listens. */
  @Override
  public Future<?> start() {
    var foreground =
        TenantDatabase.open(vertx, config.database(), config.foreground(), "foreground");
    var log = Database.ofOwners(vertx, config.database(), config.log(), "log");
    var leasing = Database.ofOwners(vertx, config.database(), config.leases(), "leases");
    measured("foreground", foreground.pool());
    measured("log", log);
    measured("leases", leasing);

    var keeper = new PartitionKeeper(leasing);
    housekeeping = new Housekeeping(vertx);
    housekeeping.untilDone(START_LIMIT, keeper::keep);
    var leases = new Leases(leasing);
    var own = new OwnLease(leases);
    ownLease = own;
    own.renew();
    var reaper = new Reaper(new OrphanCloser(leasing, own));
    var expired = Metric.SESSIONS_EXPIRED;
    var expirations = metrics.counter(expired.id(), expired.help(), 1, expired.labels()).of();
    var retention = new Retention(leasing, config.sessionTtl(), expirations::add);
    housekeeping.every(OwnLease.RENEWAL_MS, "own lease", own::renew);
    housekeeping.every(Reaper.PERIOD_MS, "reaper", reaper::reap);
    housekeeping.every(PartitionKeeper.PERIOD_MS, "log partitions", keeper::keep);
    housekeeping.every(Retention.PERIOD_MS, "retention", retention::clean);

    var body = BodyHandler.create(false).setBodyLimit(config.maxBodyBytes());
    var turns =
        new TurnRoutes(
            new Turns(foreground, log, new OrphanCloser(log, own)),
            new TurnFinisher(log),
            new TurnMetrics(metrics));
    var sessions = new SessionRoutes(foreground);
    var items = new ItemRoutes(foreground);
    var agentSessions = new AgentSessionRoutes(foreground);
    var keys = new KeyRoutes(new Keys(log));
    var appender = new LogAppender(log);
    var poller = new LogPoller(log);
    var keyUse = new KeyUseBook(foreground, leasing);
    var callers = config.callers();
    var issuer = callers == null ? null : new Issuer(vertx, callers.issuer(), callers.keys());
    Function<Vertx, Router> routes =
        edge -> {
          var router = Router.router(edge);
          tracing.mount(router, Tracing.Roots.NONE);
          router.route().handler(new RequestId()).handler(this::count);
          if (callers != null && issuer != null) {
            router.route().handler(new CallerCheck(callers, issuer, InstantSource.system()));
          }
          HealthRoutes.mount(
              router, NAME, readiness::notReady, () -> Map.of("postgresql", own.renewed()));
          turns.mount(router, body);
          sessions.mount(router, body);
          items.mount(router, body);
          agentSessions.mount(router, body);
          keys.mount(router);
          LogRoutes.mount(router, body, appender, poller);
          LeaseRoutes.mount(router, body, leases);
          KeyUseRoutes.mount(router, body, keyUse);
          var problems = new ProblemHandler(Problems::of);
          router.route().failureHandler(problems);
          router.errorHandler(404, problems).errorHandler(405, problems);
          return router;
        };
    return listen(routes).compose(_ -> management()).onSuccess(_ -> readiness.ready());
  }

  /** Gives back what the process holds in the database; the edges close with this verticle. */
  @Override
  public Future<?> stop() {
    if (housekeeping != null) {
      housekeeping.stop();
    }
    if (ownLease != null) {
      ownLease.release();
    }
    return Future.join(pools.stream().map(Database::close).toList());
  }

  /** The port that answers, once started. */
  public int port() {
    return port;
  }

  Readiness readiness() {
    return readiness;
  }

  /** Requests being answered now. */
  int requests() {
    return requests.get();
  }

  private void measured(String name, Database pool) {
    pools.add(pool);
    gauge(Metric.DB_POOL_CONNECTIONS, name, pool, Database::open);
    gauge(Metric.DB_POOL_BUSY, name, pool, Database::busy);
    gauge(Metric.DB_POOL_WAITING, name, pool, Database::waiting);
  }

  private void gauge(Metric metric, String pool, Database of, ToDoubleFunction<Database> value) {
    metrics.gauge(metric.id(), metric.help(), of, value, metric.tags(List.of(pool)));
  }

  private Future<?> listen(Function<Vertx, Router> routes) {
    var listen = config.listen();
    var shared = HttpListener.shared(listen.port());
    return vertx.deployVerticle(
        () ->
            new EdgeVerticle(routes, HttpListener.options(listen.host(), shared), on -> port = on),
        new DeploymentOptions().setInstances(config.edges()));
  }

  private Future<?> management() {
    var managementPort = config.listen().managementPort();
    return managementPort == null
        ? Future.succeededFuture()
        : ManagementServer.listen(
            vertx, config.listen().host(), managementPort, NAME, metrics, readiness::notReady);
  }

  private void count(RoutingContext ctx) {
    requests.incrementAndGet();
    ctx.addEndHandler(_ -> requests.decrementAndGet());
    ctx.next();
  }
}
