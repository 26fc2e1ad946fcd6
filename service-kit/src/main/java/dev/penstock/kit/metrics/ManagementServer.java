package dev.penstock.kit.metrics;

import dev.penstock.kit.http.HealthRoutes;
import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The management port: {@code /metrics} and the probes, apart from public traffic. */
public final class ManagementServer {
  private ManagementServer() {}

  /** Listens; fails if the address is taken. */
  public static Future<HttpServer> listen(
      Vertx vertx,
      String host,
      int port,
      String service,
      Metrics metrics,
      Supplier<Optional<String>> notReady) {
    var router = Router.router(vertx);
    router.route().handler(new RequestId());
    HealthRoutes.mount(router, service, notReady, Map::of);
    router.get("/metrics").handler(ctx -> page(ctx, metrics));
    var problems = new ProblemHandler(_ -> Optional.empty());
    router.errorHandler(404, problems).errorHandler(405, problems).errorHandler(500, problems);
    return HttpListener.listen(
        vertx, HttpListener.options(host, port), HttpListener.Bounds.INTERNAL, router);
  }

  /** In the format that is asked for; made on a worker, since streams share this event loop. */
  private static void page(RoutingContext ctx, Metrics metrics) {
    var accepted = ctx.request().getHeader(HttpHeaders.ACCEPT);
    var type =
        accepted != null && accepted.contains("application/openmetrics-text")
            ? Metrics.OPEN_METRICS
            : Metrics.TEXT;
    ctx.vertx()
        .executeBlocking(() -> metrics.scrape(type), false)
        .onSuccess(page -> ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(page))
        .onFailure(ctx::fail);
  }
}
