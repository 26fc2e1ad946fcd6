package dev.penstock.gateway.edge;

import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.problem.ProblemHandler;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/** The frame around all public routes. */
public final class Edge {
  /** Paths whose bodies are read here; a dialect reads its own, by its own rules. */
  private static final List<String> NATIVE =
      List.of("/v1/sessions", "/v1/sessions/*", "/v1/turns/*");

  private static final List<Integer> OF_THE_ROUTER = List.of(400, 404, 405, 500);

  private final boolean guardLoopback;
  private final Cors cors;
  private final Handler<RoutingContext> entrance;
  private final int maxBodyBytes;

  /**
   * @param guardLoopback whether this gateway is open to whoever reaches its loopback address
   * @param allowedOrigins origins whose pages may call it
   * @param entrance says whose a request is, or turns it away
   */
  public Edge(
      boolean guardLoopback,
      Set<String> allowedOrigins,
      Handler<RoutingContext> entrance,
      int maxBodyBytes) {
    this.guardLoopback = guardLoopback;
    this.cors = new Cors(allowedOrigins);
    this.entrance = entrance;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Mounts what comes before every route; call first. */
  public void mountBefore(Router router) {
    mountBefore(router, RoutingContext::next);
  }

  /**
   * The same.
   *
   * @param callerKnown comes as soon as the caller is known, before anything of a body is read
   */
  public void mountBefore(Router router, Handler<RoutingContext> callerKnown) {
    router.route().handler(new RequestId());
    router.route().handler(new SecurityHeaders());
    router.route().handler(new HostHeader());
    if (guardLoopback) {
      router.route().handler(new LoopbackGuard(cors));
    }
    router.route().handler(cors);
    router.route().handler(new KnownRoutes(router));
    router.route().handler(entrance);
    router.route().handler(callerKnown);
    var bodies = new RequestBodies(maxBodyBytes);
    NATIVE.forEach(
        path -> router.route(path).handler(bodies).failureHandler(RequestBodies::failed));
  }

  /** Mounts how failures look; call last, so that a dialect's own form comes before. */
  public void mountAfter(Router router) {
    var problems = new ProblemHandler(Problems::of, ErrorMember::beside);
    router.route().failureHandler(problems);
    // What no route answered, and what fails where routes are matched, comes to these alone.
    OF_THE_ROUTER.forEach(status -> router.errorHandler(status, problems));
  }

  /** The entrance where credentials are checked in front of this gateway, or by nobody. */
  public static void enter(RoutingContext ctx) {
    Caller.SINGLE_TENANT.within(Tracing.of(ctx)).enter(ctx);
    ctx.next();
  }
}
