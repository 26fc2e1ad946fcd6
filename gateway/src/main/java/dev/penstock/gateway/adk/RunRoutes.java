package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gateway.turns.Begun;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code POST /run} and {@code POST /run_sse} (adk-api.md section 4). */
final class RunRoutes {
  private final Runs runs;
  private final RunAnswer answer;
  private final @Nullable String defaultApp;

  RunRoutes(Runs runs, RunAnswer answer, @Nullable String defaultApp) {
    this.runs = runs;
    this.answer = answer;
    this.defaultApp = defaultApp;
  }

  void mount(Router router, Handler<RoutingContext> body) {
    router.post("/run").handler(body).handler(ctx -> run(ctx, answer::whole));
    router.post("/run_sse").handler(body).handler(ctx -> run(ctx, answer::stream));
  }

  /** Answers with what was begun. */
  private interface Answered {
    void with(RoutingContext ctx, RunRequest request, Begun begun);
  }

  private void run(RoutingContext ctx, Answered answered) {
    var bytes = ctx.body().buffer();
    JsonNode body = Fields.parse(bytes == null ? Buffer.buffer() : bytes);
    var request = RunRequest.of(body, defaultApp);
    runs.begin(ctx, body, request)
        .onSuccess(begun -> answered.with(ctx, request, begun))
        .onFailure(ctx::fail);
  }
}
