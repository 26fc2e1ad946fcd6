package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.gateway.agent.AgentFile;
import dev.penstock.gateway.agent.Agents;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.edge.CallerBodies;
import dev.penstock.gateway.edge.Foreign;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.gateway.turns.TurnsConfig;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The API server of the Agent Development Kit (adk-api.md section 2). One per verticle instance,
 * confined to its event loop.
 */
public final class AdkRoutes {
  private static final List<String> OWN =
      List.of(
          "/apps/*",
          "/dev/*",
          "/dev-ui/*",
          "/dev-ui",
          "/debug/*",
          "/builder/*",
          "/config/telemetry",
          "/users/*",
          "/app-info",
          "/list-apps",
          "/version",
          "/run",
          "/run_sse",
          "/run_live");

  private final AdkConfig config;
  private final Apps apps;
  private final RunRoutes runs;
  private final SessionRoutes sessions;
  private final WebRoutes web;
  private final int maxBodyBytes;
  private final ProblemHandler otherFailures =
      new ProblemHandler(
          Problems::of,
          (ctx, problem) ->
              Foreign.of(ctx)
                  .map(AdkRoutes::foreign)
                  .orElseGet(
                      () ->
                          new ProblemHandler.Envelope(
                              Replies.JSON,
                              AdkException.body(TextNode.valueOf(detail(ctx, problem))))));

  /**
   * @param agents the configured ones; those that come with the gateway are apps beside them
   * @param defaultModel the model of agents that name none; null leaves it to the proxies
   */
  public AdkRoutes(
      Vertx vertx,
      Turns turns,
      TurnsConfig times,
      SessionStore store,
      Models models,
      Agents agents,
      AdkConfig config,
      WebFiles files,
      @Nullable String defaultModel,
      int maxBodyBytes) {
    this.config = config;
    this.apps = new Apps(agents.with(AgentFile.shipped()));
    this.sessions = new SessionRoutes(store, turns, apps);
    this.runs =
        new RunRoutes(
            new Runs(turns, store, models, apps, config, defaultModel),
            new RunAnswer(turns, times),
            config.defaultApp());
    this.web = new WebRoutes(vertx, files);
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Adds the routes; the {@link Caller} must come before them. */
  public void mount(Router router) {
    OWN.forEach(path -> router.route(path).failureHandler(this::failed));
    var bodies = new CallerBodies(maxBodyBytes);
    new InfoRoutes(apps).mount(router, bodies);
    ArtifactRoutes.mount(router, bodies);
    sessions.mount(router, bodies);
    runs.mount(router, bodies);
    DevRoutes.mount(router);
    web.mount(router);
    if (config.defaultApp() != null) {
      var prefix = "/apps/" + config.defaultApp();
      router.get("/app-info").handler(ctx -> ctx.reroute(prefix + ctx.request().uri()));
      router
          .route("/users/*")
          .method(HttpMethod.GET)
          .method(HttpMethod.POST)
          .method(HttpMethod.PATCH)
          .method(HttpMethod.DELETE)
          .handler(ctx -> ctx.reroute(prefix + ctx.request().uri()));
    }
  }

  private void failed(RoutingContext ctx) {
    if (ctx.failure() instanceof AdkException known && !ctx.response().headWritten()) {
      known.answer(ctx.response());
    } else {
      otherFailures.handle(ctx);
    }
  }

  /** The one failure that ADK's own server tells as text (adk-api.md section 6). */
  private static ProblemHandler.Envelope foreign(Foreign part) {
    var text = "Forbidden: " + part.name().toLowerCase(Locale.ROOT) + " not allowed";
    return new ProblemHandler.Envelope("text/plain; charset=utf-8", Buffer.buffer(text));
  }

  /** What no route answered is told in the words of ADK's own server. */
  private static String detail(RoutingContext ctx, Problem problem) {
    if (ctx.failure() == null) {
      switch (problem.status()) {
        case 404 -> {
          return "Not Found";
        }
        case 405 -> {
          return "Method Not Allowed";
        }
        default -> {}
      }
    }
    return problem.detail();
  }
}
