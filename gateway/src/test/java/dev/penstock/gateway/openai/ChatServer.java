package dev.penstock.gateway.openai;

import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.inference.FakeProxy;
import dev.penstock.gateway.inference.Inference;
import dev.penstock.gateway.inference.InferenceConfig;
import dev.penstock.gateway.inference.Loop;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.limits.Admission;
import dev.penstock.gateway.limits.Admissions;
import dev.penstock.gateway.limits.Embedder;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.store.StoreConfig;
import dev.penstock.gateway.store.StoreLoad;
import dev.penstock.gateway.turns.InMemoryStore;
import dev.penstock.gateway.turns.TurnProcess;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.gateway.turns.TurnsConfig;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The route on a port of its own, in front of a proxy. */
final class ChatServer implements AutoCloseable {
  static final AnswerConfig DEFAULTS =
      new AnswerConfig(
          1_048_576,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(15),
          Duration.ofSeconds(290));

  final Readiness readiness = new Readiness();
  final ModelCatalog models;
  private final Loop loop;
  private final Inference inference;
  private final Admission admission;
  private final Answers answers;
  private final AnswerConfig config;
  private final HttpServer server;

  ChatServer(Vertx vertx, FakeProxy proxy, AnswerConfig config) {
    this.config = config;
    loop = new Loop(vertx);
    readiness.ready();
    var reach =
        new InferenceConfig(
            List.of(proxy.address()),
            64,
            16,
            Duration.ofSeconds(2),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1));
    models = new ModelCatalog(vertx, reach, ServiceIdentity.NONE);
    inference =
        loop.call(
            () ->
                new Inference(
                    vertx,
                    reach,
                    ServiceIdentity.NONE,
                    new GatewayMetrics(new Metrics()).loop(),
                    Tracing.OFF));
    admission = Admissions.of(inference, models);
    answers =
        loop.call(
            () ->
                new Answers(
                    vertx, admission, readiness, config, new GatewayMetrics(new Metrics()).loop()));
    server = await(loop.call(() -> listen(vertx)));
  }

  int port() {
    return server.actualPort();
  }

  int running() {
    return answers.running();
  }

  /** Generations that hold a connection to the proxy. */
  int generations() {
    return inference.running();
  }

  void breakOff() {
    loop.run(answers::breakOff);
  }

  @Override
  public void close() {
    await(server.close());
    loop.run(
        () -> {
          answers.close();
          inference.close();
        });
    models.close();
  }

  private Future<HttpServer> listen(Vertx vertx) {
    var router = Router.router(vertx);
    router.route().handler(new RequestId());
    router
        .route()
        .handler(
            ctx -> {
              Caller.SINGLE_TENANT.enter(ctx);
              ctx.next();
            });
    var store = new InMemoryStore();
    var turns =
        new Turns(
            new TurnProcess(TurnsConfig.STANDARD, Tracing.OFF),
            vertx,
            store,
            admission,
            models,
            new GatewayMetrics(new Metrics()).loop());
    var kept = new OpenAiRoutes.Kept(turns, store, noStore(vertx), Map.of());
    var embedder = new Embedder(admission, inference);
    new OpenAiRoutes(answers, embedder, models, readiness, config, kept).mount(router);
    return HttpListener.listen(
        vertx, HttpListener.options("127.0.0.1", 0), HttpListener.Bounds.PUBLIC, router);
  }

  /** Calls that are kept nowhere ask no store. */
  static SessionStore noStore(Vertx vertx) {
    var config = StoreConfig.from(new Environment(Map.of()));
    return new SessionStore(vertx, config, new StoreLoad(), ServiceIdentity.NONE, Tracing.OFF);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }
}
