package dev.penstock.gateway.turns;

import dev.penstock.contracts.access.Limits;
import dev.penstock.gateway.agent.AgentFile;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.gateway.edge.Edge;
import dev.penstock.gateway.limits.Admission;
import dev.penstock.gateway.limits.Admissions;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.gateway.metrics.LoopMeter;
import dev.penstock.gateway.nativeapi.TurnRoutes;
import dev.penstock.gateway.openai.StoredResponses;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One gateway process's turns, with real HTTP in front and fakes behind. */
final class GatewayDriver {
  /** Short enough to watch. */
  static final TurnsConfig QUICK =
      new TurnsConfig(
          100,
          Duration.ofMillis(50),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3300),
          Duration.ofSeconds(1),
          Duration.ofMillis(250),
          Duration.ofSeconds(3));

  private final Metrics metrics = new Metrics();
  private final GatewayMetrics measured = new GatewayMetrics(metrics);
  private final TurnProcess process;
  private final ScriptedGenerator generator = new ScriptedGenerator();
  private final FixedModels models = new FixedModels();
  private final List<HttpServerResponse> responses = new CopyOnWriteArrayList<>();
  private final Admission admission;
  private final int port;

  private GatewayDriver(
      Vertx vertx, InMemoryStore store, TurnsConfig config, int loops, Limits tenants) {
    this.process = new TurnProcess(config, Tracing.OFF);
    this.admission = Admissions.of(generator, models, tenants, process::liveGateways);
    measured.gauges(metrics);
    process.register(metrics);
    await(vertx.deployVerticle(process.background(_ -> store)));
    var shared = HttpListener.shared(0);
    var servings = Stream.generate(() -> new Serving(store, shared)).limit(loops).toList();
    servings.forEach(serving -> await(vertx.deployVerticle(serving)));
    this.port = servings.getFirst().actualPort;
  }

  static GatewayDriver start(Vertx vertx, InMemoryStore store) {
    return new GatewayDriver(vertx, store, QUICK, 1, Limits.NONE);
  }

  /** One that limits the one tenant there is. */
  static GatewayDriver start(Vertx vertx, InMemoryStore store, Limits tenants) {
    return new GatewayDriver(vertx, store, QUICK, 1, tenants);
  }

  static GatewayDriver start(Vertx vertx, InMemoryStore store, TurnsConfig config, int loops) {
    return new GatewayDriver(vertx, store, config, loops, Limits.NONE);
  }

  ScriptedGenerator generator() {
    return generator;
  }

  Admission admission() {
    return admission;
  }

  private LoopMeter meter(Vertx vertx) {
    var meter = measured.loop();
    vertx.setPeriodic(20, _ -> meter.publish());
    return meter;
  }

  /** The sum of the samples of that name on the metrics page with all those labels. */
  double metric(String name, String... labels) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  FixedModels models() {
    return models;
  }

  TurnProcess process() {
    return process;
  }

  /** All that were begun, in order. */
  List<HttpServerResponse> responses() {
    return responses;
  }

  int port() {
    return port;
  }

  String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** Begins a turn and streams it. */
  EventClient stream(UUID session, String text) {
    return EventClient.send(post(session, text));
  }

  /** A request for a turn, not sent. */
  HttpRequest.Builder post(UUID session, String text) {
    return EventClient.post(turnsOf(session), "{\"input\":{\"text\":\"" + text + "\"}}");
  }

  String turnsOf(UUID session) {
    return url("/v1/sessions/" + session + "/turns");
  }

  String eventsOf(UUID turn) {
    return url("/v1/turns/" + turn + "/events");
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(15, TimeUnit.SECONDS).join();
  }

  private final class Serving extends VerticleBase {
    private final InMemoryStore store;
    private final int port;
    private volatile int actualPort;

    /** What the header {@code Expires} says is the end of the caller's credential. */
    private static void expiring(RoutingContext ctx) {
      var end = ctx.request().getHeader("Expires");
      if (end != null) {
        var all = Rights.ALL;
        var rights = new Rights(null, all.scopes(), null, all.limits(), Instant.parse(end));
        new Caller("default", null, rights, Span.getInvalid()).enter(ctx);
      }
      ctx.next();
    }

    Serving(InMemoryStore store, int port) {
      this.store = store;
      this.port = port;
    }

    @Override
    public Future<?> start() {
      var turns = new Turns(process, vertx, store, admission, models, meter(vertx));
      var edge = new Edge(true, Set.of(), Edge::enter, 1024 * 1024);
      var router = Router.router(vertx);
      router
          .route()
          .handler(
              ctx -> {
                responses.add(ctx.response());
                ctx.next();
              });
      edge.mountBefore(router);
      router.route().handler(Serving::expiring);
      new TurnRoutes(turns, store, models, AgentFile.shipped(), null).mount(router);
      StoredResponses.mount(router, vertx, turns, store, models);
      edge.mountAfter(router);
      var options = new HttpServerOptions().setHost("127.0.0.1").setPort(port).setTcpNoDelay(true);
      return vertx
          .createHttpServer(options.setSendBufferSize(16 * 1024))
          .requestHandler(router)
          .listen()
          .onSuccess(server -> actualPort = server.actualPort());
    }
  }
}
