package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * What ADK Web asks for its developer's panels: there are no traces, graphs, builders or
 * evaluations. The newer pages ask below {@code /dev/apps/{app}}, the older ones where the server
 * had it before.
 */
final class DevRoutes {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private DevRoutes() {}

  static void mount(Router router) {
    var app = "/dev/apps/:app";
    answer(router, JSON.arrayNode(), app + "/debug/trace/session/:id", "/debug/trace/session/:id");
    Handler<RoutingContext> noTrace = ctx -> ctx.fail(new AdkException(404, "Trace not found"));
    router.get(app + "/debug/trace/:event").handler(noTrace);
    router.get("/debug/trace/:event").handler(noTrace);
    answer(
        router,
        JSON.objectNode(),
        app + "/build_graph",
        app + "/build_graph_image",
        "/dev/build_graph/:app",
        "/dev/build_graph_image/:app");
    answer(
        router,
        JSON.arrayNode(),
        app + "/eval_sets",
        app + "/eval_results",
        "/apps/:app/eval_sets",
        "/apps/:app/eval_results");
    var metrics = JSON.objectNode();
    metrics.putArray("metricsInfo");
    answer(router, metrics, app + "/metrics-info", "/apps/:app/metrics-info");
    router.get(app + "/builder").handler(DevRoutes::noBuilder);
    router.get("/builder/app/:app").handler(DevRoutes::noBuilder);
  }

  private static void answer(Router router, JsonNode json, String... paths) {
    for (var path : paths) {
      router.get(path).handler(ctx -> Replies.send(ctx, json));
    }
  }

  /** An empty text says that the app was not built there. */
  private static void noBuilder(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8").end();
  }
}
