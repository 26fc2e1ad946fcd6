package dev.penstock.gateway.edge;

import dev.penstock.gateway.problem.Problems;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Refuses unknown paths (404) and methods (405 with {@code Allow}) before anything of a body is
 * read, and answers {@code HEAD} as {@code GET} without the body, except on event streams.
 */
final class KnownRoutes implements Handler<RoutingContext> {
  private static final String STREAMS = "/events";

  private final Router router;
  private @Nullable List<Known> routes;

  KnownRoutes(Router router) {
    this.router = router;
  }

  @Override
  public void handle(RoutingContext ctx) {
    var path = path(ctx);
    var allowed = methods(path);
    var method = ctx.request().method();
    if (allowed.isEmpty()) {
      ctx.fail(404);
    } else if (method.equals(HttpMethod.HEAD)
        && !allowed.contains("HEAD")
        && headable(allowed, path)) {
      ctx.reroute(HttpMethod.GET, ctx.request().uri());
    } else if (!allowed.contains(method.name())) {
      if (headable(allowed, path)) {
        allowed.add("HEAD");
      }
      ctx.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
      ctx.fail(405);
    } else {
      ctx.next();
    }
  }

  private static String path(RoutingContext ctx) {
    try {
      return ctx.normalizedPath();
    } catch (IllegalArgumentException e) {
      throw Problems.invalid("path", "percent-encoded as RFC 3986 says");
    }
  }

  private static boolean headable(Set<String> allowed, String path) {
    return allowed.contains("GET") && !path.endsWith(STREAMS);
  }

  private Set<String> methods(String path) {
    var segments = Known.segments(path);
    return routes().stream()
        .filter(route -> route.matches(segments))
        .flatMap(route -> route.methods().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // Every feature has mounted its routes by the time the first request comes.
  private List<Known> routes() {
    if (routes == null) {
      var known = new ArrayList<Known>();
      for (var route : router.getRoutes()) {
        if (route.getPath() != null && route.methods() != null) {
          known.add(Known.of(route));
        }
      }
      routes = known;
    }
    return routes;
  }

  private record Known(List<String> segments, boolean open, Set<String> methods) {
    static Known of(Route route) {
      return new Known(
          segments(route.getPath()),
          !route.isExactPath(),
          route.methods().stream().map(HttpMethod::name).collect(Collectors.toSet()));
    }

    static List<String> segments(String path) {
      return List.of(path.substring(1).split("/"));
    }

    boolean matches(List<String> path) {
      if (open ? path.size() <= segments.size() : path.size() != segments.size()) {
        return false;
      }
      for (var i = 0; i < segments.size(); i++) {
        if (!segments.get(i).startsWith(":") && !segments.get(i).equals(path.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
