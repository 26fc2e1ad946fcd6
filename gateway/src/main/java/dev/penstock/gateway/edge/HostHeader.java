package dev.penstock.gateway.edge;

import dev.penstock.gateway.problem.Problems;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/** Refuses requests whose host is missing or ambiguous (RFC 9112 section 3.2). */
final class HostHeader implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext ctx) {
    var request = ctx.request();
    var hosts = request.headers().getAll(HttpHeaders.HOST).size();
    var missing = hosts == 0 && request.version() == HttpVersion.HTTP_1_1;
    if (hosts > 1 || missing || (hosts == 1 && request.authority() == null)) {
      throw Problems.invalid("Host", "one host name or address");
    }
    ctx.next();
  }
}
