package dev.penstock.gateway;

import dev.penstock.gateway.adk.AdkRoutes;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.authentication.KeyInAddress;
import dev.penstock.gateway.edge.Edge;
import dev.penstock.gateway.gemini.GeminiRoutes;
import dev.penstock.gateway.inference.Inference;
import dev.penstock.gateway.limits.Admission;
import dev.penstock.gateway.limits.CallerBounds;
import dev.penstock.gateway.limits.Embedder;
import dev.penstock.gateway.nativeapi.CatalogRoutes;
import dev.penstock.gateway.nativeapi.HistoryRoutes;
import dev.penstock.gateway.nativeapi.SessionRoutes;
import dev.penstock.gateway.nativeapi.TurnRoutes;
import dev.penstock.gateway.nativeapi.UsageRoutes;
import dev.penstock.gateway.ollama.OllamaRoutes;
import dev.penstock.gateway.openai.OpenAiRoutes;
import dev.penstock.gateway.openapi.DocumentationRoutes;
import dev.penstock.gateway.page.PageRoutes;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.kit.http.HealthRoutes;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event loop of the gateway: its clients, its routes, its port. */
final class GatewayVerticle extends VerticleBase {
  private static final long PUBLISH_MS = 1_000;

  private final GatewayConfig config;
  private final ProcessParts process;
  private final int sharedPort;
  private @Nullable Inference inference;
  private @Nullable Answers answers;
  private volatile List<Route> routes = List.of();
  private volatile int port;

  /**
   * @param sharedPort the same for all verticles of one gateway
   */
  GatewayVerticle(GatewayConfig config, ProcessParts process, int sharedPort) {
    this.config = config;
    this.process = process;
    this.sharedPort = sharedPort;
  }

  @Override
  public Future<?> start() {
    var identity = process.identity();
    var tracing = process.tracing();
    var store = new SessionStore(vertx, config.store(), process.storeLoad(), identity, tracing);
    process.dependencies().watchFrom(vertx, store);
    var meter = process.measured().loop();
    vertx.setPeriodic(PUBLISH_MS, _ -> meter.publish());
    inference = new Inference(vertx, config.inference(), identity, meter, tracing);
    var models = process.models();
    var agents = config.agents();
    var admission = new Admission(process.limits(), inference, models);
    var embedder = new Embedder(admission, inference);
    answers = new Answers(vertx, admission, process.readiness(), config.answers(), meter);

    var router = Router.router(vertx);
    process.tracing().mount(router, Tracing.Roots.ANY_REQUEST);
    var entrance = new Entrance(vertx, config, process, store);
    var edge =
        new Edge(
            config.guardLoopback(),
            config.allowedOrigins(),
            entrance.handler(),
            config.answers().maxBodyBytes());
    edge.mountBefore(router, new CallerBounds(process.limits()));
    HealthRoutes.mount(
        router, GatewayService.NAME, process.readiness()::notReady, process.dependencies()::states);
    entrance.mount(router);
    var page = new PageRoutes(process.page());
    page.mountAssets(router);
    new OllamaRoutes(answers, embedder, models, config.answers()).mount(router);
    FrontDoor.mount(router, page);
    new GeminiRoutes(answers, models, config.answers()).mount(router);
    var turns = new Turns(process.turns(), vertx, store, admission, models, meter);
    new OpenAiRoutes(
            answers,
            embedder,
            models,
            process.readiness(),
            config.answers(),
            new OpenAiRoutes.Kept(turns, store, store, agents.defaults()))
        .mount(router);
    new SessionRoutes(store, agents, models).mount(router);
    new HistoryRoutes(store).mount(router);
    new CatalogRoutes(models, agents).mount(router);
    new UsageRoutes(store).mount(router);
    new TurnRoutes(turns, store, models, agents, config.defaultModel()).mount(router);
    new AdkRoutes(
            vertx,
            turns,
            config.turns(),
            store,
            models,
            agents,
            config.adk(),
            process.adkWeb(),
            config.defaultModel(),
            config.answers().maxBodyBytes())
        .mount(router);
    new DocumentationRoutes(vertx).mount(router);
    edge.mountAfter(router);
    routes = List.copyOf(router.getRoutes());

    return HttpListener.listen(
            vertx,
            HttpListener.options(config.listen().host(), sharedPort)
                .setHttp2ClearTextEnabled(config.frontEnd()),
            HttpListener.Bounds.PUBLIC,
            new KeyInAddress(router))
        .onSuccess(server -> port = server.actualPort());
  }

  @Override
  public Future<?> stop() {
    if (answers != null) {
      answers.close();
    }
    if (inference != null) {
      inference.close();
    }
    return Future.succeededFuture();
  }

  /** The port that answers, once started. */
  int port() {
    return port;
  }

  /** Everything that is mounted, in order; empty until started. Safe from any thread. */
  List<Route> routes() {
    return routes;
  }

  /** Answers under way. Safe from any thread. */
  int running() {
    return answers == null ? 0 : answers.running();
  }

  /** About what waits for clients of stateless answers, in bytes. Safe from any thread. */
  long buffered() {
    return answers == null ? 0 : answers.buffered();
  }

  /** The most of that which waits for one client. Safe from any thread. */
  int mostBuffered() {
    return answers == null ? 0 : answers.mostBuffered();
  }

  /** Ends what is still under way, as the last act of a drain. Safe from any thread. */
  void breakOff() {
    context.runOnContext(
        _ -> {
          if (answers != null) {
            answers.breakOff();
          }
        });
  }
}
