package dev.penstock.kit.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /health}, {@code /livez} and {@code /readyz}.
 *
 * <p>What stands behind a service is told in {@code /health} and never takes an instance out of
 * traffic: only the service's own readiness does.
 */
public final class HealthRoutes {
  private HealthRoutes() {}

  /**
   * Mounts the routes.
   *
   * @param notReady why the service takes no new work; empty when it does
   * @param dependencies name → healthy, as last seen
   */
  public static void mount(
      Router router,
      String service,
      Supplier<Optional<String>> notReady,
      Supplier<Map<String, Boolean>> dependencies) {
    router
        .get("/health")
        .handler(
            ctx -> {
              var json =
                  new JsonObject()
                      .put("status", "healthy")
                      .put("service", service)
                      .put("version", Version.OF_BUILD);
              var behind = dependencies.get();
              if (!behind.isEmpty()) {
                var states = new JsonObject();
                behind.forEach((name, ok) -> states.put(name, ok ? "healthy" : "unhealthy"));
                json.put("dependencies", states);
              }
              answer(ctx, 200, json);
            });
    router.get("/livez").handler(ctx -> answer(ctx, 200, new JsonObject().put("status", "live")));
    router
        .get("/readyz")
        .handler(
            ctx ->
                notReady
                    .get()
                    .ifPresentOrElse(
                        reason ->
                            answer(
                                ctx,
                                503,
                                new JsonObject().put("status", "not ready").put("reason", reason)),
                        () -> answer(ctx, 200, new JsonObject().put("status", "ready"))));
  }

  private static void answer(RoutingContext ctx, int status, JsonObject json) {
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(json.toBuffer());
  }
}
