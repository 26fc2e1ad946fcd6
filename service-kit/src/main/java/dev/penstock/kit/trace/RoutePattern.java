package dev.penstock.kit.trace;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pattern of the path that a request was routed by, such as {@code /v1/turns/:turn}. */
final class RoutePattern {
  private RoutePattern() {}

  /**
   * Null where none matches; also of a request that failed, whose last route is that of failures.
   */
  static @Nullable String of(RoutingContext ctx, Router router) {
    var current = ctx.currentRoute();
    if (current != null && current.getPath() != null) {
      return current.getPath();
    }
    var path = segments(String.valueOf(ctx.request().path()));
    for (var route : router.getRoutes()) {
      if (isOf(route, ctx) && matches(segments(route.getPath()), path)) {
        return route.getPath();
      }
    }
    return null;
  }

  private static boolean isOf(Route route, RoutingContext ctx) {
    return route.getPath() != null
        && route.isExactPath()
        && route.methods() != null
        && route.methods().contains(ctx.request().method());
  }

  private static boolean matches(List<String> pattern, List<String> path) {
    if (pattern.size() != path.size()) {
      return false;
    }
    for (var i = 0; i < pattern.size(); i++) {
      if (!pattern.get(i).startsWith(":") && !pattern.get(i).equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
