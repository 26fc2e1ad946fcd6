package dev.penstock.gateway.page.fake;

import dev.penstock.gateway.page.PageAssets;
import dev.penstock.gateway.page.PageRoutes;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The page's own routes beside a fake of the native API, on a loopback port. Methods may be called
 * from any thread; what they change, they change on the server's event loop.
 */
public final class FakeGateway implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server =
      vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0));
  private final Context context = vertx.getOrCreateContext();
  final Deque<Script> scripts = new ArrayDeque<>();
  final Deque<JsonObject> refusals = new ArrayDeque<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final FakeNative nativeApi = new FakeNative(vertx, this);
  private @Nullable String key;
  boolean loseNextReply;
  boolean unreachable;

  @Override
  public void beforeAll(ExtensionContext extension) {
    var page = new PageRoutes(PageAssets.load());
    on(
        () -> {
          var router = Router.router(vertx);
          router
              .route()
              .handler(
                  ctx -> {
                    log.add(ctx.request().method() + " " + ctx.request().uri());
                    if (unreachable) {
                      ctx.request().connection().close();
                    } else {
                      ctx.next();
                    }
                  });
          router.get("/").handler(page::page);
          router.get("/auth/session").handler(ctx -> ctx.json(status(ctx)));
          router
              .route("/v1/*")
              .handler(
                  ctx -> {
                    if (key == null || signedIn(ctx)) {
                      ctx.next();
                    } else {
                      var problem = new JsonObject().put("code", "unauthenticated");
                      ctx.response().setStatusCode(401).end(problem.encode());
                    }
                  });
          page.mountAssets(router);
          nativeApi.mount(router);
          return server.requestHandler(router).listen();
        });
    vertx.setPeriodic(5000, _ -> context.runOnContext(_ -> nativeApi.keepAlive()));
  }

  /** The address of a session; null for a new chat. */
  public String address(String sessionId) {
    return "http://127.0.0.1:%d/?session=%s".formatted(server.actualPort(), sessionId);
  }

  /** The page's address. */
  public String address() {
    return "http://127.0.0.1:%d/".formatted(server.actualPort());
  }

  /** What the model does with the next turn nobody has a script for yet. */
  public void next(Script script) {
    run(() -> scripts.add(script));
  }

  /** Refuses the next turn request with that problem; {@code retryAfterMs} below 0 for none. */
  public void refuseNext(int status, String code, int retryAfterMs) {
    var problem = new JsonObject().put("status", status).put("code", code).put("title", code);
    run(
        () ->
            refusals.add(retryAfterMs < 0 ? problem : problem.put("retry_after_ms", retryAfterMs)));
  }

  /** Accepts the next turn, and cuts the connection instead of answering. */
  public void loseNextReply() {
    run(() -> loseNextReply = true);
  }

  /** From now on every new request finds its connection closed; or no longer. */
  public void unreachable(boolean now) {
    run(() -> unreachable = now);
  }

  /** From now on only requests with that key are answered; null for all. */
  public void requireKey(@Nullable String now) {
    run(() -> key = now);
  }

  private boolean signedIn(RoutingContext ctx) {
    return ("Bearer " + key).equals(ctx.request().getHeader("Authorization"));
  }

  private JsonObject status(RoutingContext ctx) {
    return new JsonObject()
        .put("required", key != null)
        .put("key", true)
        .put("provider", "Zoo ID")
        .put("signed_in", key != null && signedIn(ctx))
        .put("tenant", "zoo")
        .put("user", key)
        .put("name", "Keeper of " + key);
  }

  /** Lets held and queued turns go on. */
  public void release() {
    run(() -> nativeApi.turns().forEach(FakeTurn::release));
  }

  /** Tells the waiting turns another place. */
  public void move(String reason, int position, long expectedWaitMs) {
    var place =
        new JsonObject()
            .put("reason", reason)
            .put("position", position)
            .put("expected_wait_ms", expectedWaitMs);
    run(() -> nativeApi.turns().forEach(turn -> turn.move(place)));
  }

  /** Starts the running answers over, as a new owner would. */
  public void startOver() {
    run(() -> nativeApi.turns().forEach(FakeTurn::startOver));
  }

  /** Resets every stream. */
  public void cutStreams() {
    run(() -> nativeApi.turns().forEach(FakeTurn::cut));
  }

  /** Tells every reader to come back. */
  public void sendAway(int retryAfterMs) {
    run(() -> nativeApi.turns().forEach(turn -> turn.sendAway(retryAfterMs)));
  }

  /** A session with {@code count} questions and answers, as if from long ago. */
  public String seed(String title, int count) {
    return call(
        () -> {
          var session = nativeApi.create(new JsonObject().put("title", title));
          for (var n = 0; n < count; n++) {
            session.seed("question " + n, "answer " + n + ", of some length");
          }
          return session.id;
        });
  }

  /** A session with one question and one answer. */
  public String seed(String title, String question, String answer) {
    return call(
        () -> {
          var session = nativeApi.create(new JsonObject().put("title", title));
          session.seed(question, answer);
          return session.id;
        });
  }

  /** Starts a turn as another device would. */
  public void ask(String sessionId, String question) {
    run(() -> nativeApi.begin(sessionId, question));
  }

  /** Requests so far, as {@code GET /path?query}. */
  public List<String> requests() {
    return List.copyOf(log);
  }

  /** How many turns exist. */
  public int turnCount() {
    return call(() -> nativeApi.turns().size());
  }

  /** The inputs of all turns, in order. */
  public List<String> questions() {
    return call(() -> nativeApi.turns().stream().map(turn -> turn.input).toList());
  }

  /** The stored state of the newest turn, as the API shows it. */
  public JsonObject newestTurn() {
    return call(() -> nativeApi.turns().getLast().json());
  }

  /** The session of the newest turn, as the API shows it. */
  public JsonObject newestSession() {
    return call(() -> nativeApi.newestSession().json());
  }

  private void run(Runnable change) {
    call(
        () -> {
          change.run();
          return true;
        });
  }

  private <T> T call(Supplier<T> question) {
    return on(() -> io.vertx.core.Future.succeededFuture(question.get()));
  }

  private <T> T on(Supplier<io.vertx.core.Future<T>> work) {
    var result = new CompletableFuture<T>();
    context.runOnContext(
        _ -> {
          try {
            work.get().onSuccess(result::complete).onFailure(result::completeExceptionally);
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the fake gateway failed", e);
    }
  }

  @Override
  public void afterEach(ExtensionContext extension) {
    run(
        () -> {
          scripts.clear();
          refusals.clear();
          key = null;
          loseNextReply = false;
          unreachable = false;
          nativeApi.clear();
          log.clear();
        });
  }

  @Override
  public void afterAll(ExtensionContext extension) {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
