package dev.penstock.proxy;

import dev.penstock.kit.identity.MachineIdentity;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.proxy.admission.AdmissionDesk;
import dev.penstock.proxy.models.Aliases;
import dev.penstock.proxy.models.ModelCatalog;
import dev.penstock.proxy.models.ModelReadiness;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.models.ServedModels;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a process has one of: the admission, its identity, and what is known about models. Deployed
 * once; its context is the one they are confined to.
 */
final class ControlVerticle extends VerticleBase {
  private static final long TICK_MS = 100;

  private final ProxyConfig config;
  private final Metrics metrics;
  private @Nullable Credentials credentials;
  private @Nullable Issuer issuer;
  private @Nullable AdmissionDesk desk;
  private @Nullable QueueGauges gauges;
  private @Nullable ModelCatalog catalog;
  private @Nullable ServedModels models;

  ControlVerticle(ProxyConfig config, Metrics metrics) {
    this.config = config;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    var known = new Credentials(new MachineIdentity(vertx, config.identity().metadataHost()));
    credentials = known;
    var callers = config.callers();
    issuer = callers == null ? null : new Issuer(vertx, callers.issuer(), callers.keys());
    var servers = new LinkedHashMap<String, ModelServer>();
    for (var each : config.serving().upstreams()) {
      servers.put(
          each.name(), ServerConnector.of(each).modelServer(vertx, each, config, known.of(each)));
    }
    var listed =
        new ModelCatalog(
            servers.values(),
            config.serving().models(),
            new Aliases(config.serving().aliases()),
            config.defaultModel(),
            ControlVerticle::now);
    var readiness =
        new ModelReadiness(
            servers,
            ControlVerticle::now,
            (delay, action) -> vertx.setTimer(delay, _ -> action.run()));
    catalog = listed;
    desk = desk(listed, readiness, context);
    models =
        new ServedModels(
            listed, readiness, this::reachable, config.defaultModel(), config.maxOutputTokens());
    vertx.setPeriodic(TICK_MS, _ -> desk().tick());
    // Not waited for: a model server that is down must not keep the proxy from starting.
    models().refresh();
    return Future.succeededFuture();
  }

  /** What servers are shown. Safe from any thread. */
  Credentials credentials() {
    return started(credentials);
  }

  /** Whose tokens callers show; null where they are not asked. Safe from any thread. */
  @Nullable Issuer issuer() {
    return issuer;
  }

  AdmissionDesk desk() {
    return started(desk);
  }

  ServedModels models() {
    return started(models);
  }

  Context context() {
    return context;
  }

  /** Whether each upstream can be reached, as last seen. Safe from any thread. */
  Map<String, Boolean> dependencies() {
    var states = new LinkedHashMap<String, Boolean>();
    for (var each : config.serving().upstreams()) {
      states.put(each.name(), reachable(each.name()));
    }
    return states;
  }

  private boolean reachable(String upstream) {
    return started(catalog).reachable(upstream) && desk().reachable(upstream);
  }

  private AdmissionDesk desk(ModelCatalog catalog, ModelReadiness readiness, Context context) {
    var capacities =
        config.serving().upstreams().stream()
            .map(each -> new AdmissionDesk.Capacity(each.name(), each.slots(), each.shared()))
            .toList();
    var made =
        new AdmissionDesk(
            task -> context.runOnContext(_ -> task.run()),
            capacities,
            config.admission(),
            catalog,
            readiness,
            ControlVerticle::now,
            model -> started(gauges).add(model));
    gauges = new QueueGauges(metrics, made);
    gauges.register(config);
    return made;
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("not started");
    }
    return part;
  }
}
