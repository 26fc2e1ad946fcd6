package dev.penstock.gateway.edge;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keeps web pages from elsewhere out of an open gateway on loopback: a page may have its own name
 * resolve to 127.0.0.1 (DNS rebinding), and then its {@code Host} is no loopback name; or it may
 * send requests across origins, and then its {@code Origin} is foreign.
 */
final class LoopbackGuard implements Handler<RoutingContext> {
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");

  private final Cors cors;

  LoopbackGuard(Cors cors) {
    this.cors = cors;
  }

  @Override
  public void handle(RoutingContext ctx) {
    var request = ctx.request();
    if (!fromLoopbackName(request)) {
      throw Foreign.HOST.refuse(ctx);
    }
    var origin = request.getHeader("Origin");
    if (origin != null && !isOwn(origin, request) && !cors.allows(origin)) {
      throw Foreign.ORIGIN.refuse(ctx);
    }
    ctx.next();
  }

  private static boolean fromLoopbackName(HttpServerRequest request) {
    var authority = request.authority();
    // Only old programs send no host; a browser always does.
    return authority == null
        ? request.version() == HttpVersion.HTTP_1_0
        : isLoopback(authority.host());
  }

  private static boolean isLoopback(String host) {
    var name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || name.equals("::1")
        || LOOPBACK_V4.matcher(name).matches();
  }

  private static boolean isOwn(String origin, HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority != null && origin.equals(request.scheme() + "://" + authority);
  }
}
