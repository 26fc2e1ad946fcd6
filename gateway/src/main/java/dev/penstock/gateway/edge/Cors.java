package dev.penstock.gateway.edge;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/**
 * Lets pages of listed origins call this gateway (sse.md section 7); with none listed, as by
 * default, browsers keep all pages but our own out.
 */
final class Cors implements Handler<RoutingContext> {
  private static final String METHODS = "GET, HEAD, POST, PATCH, DELETE";
  private static final String REQUEST_HEADERS =
      "authorization, content-type, last-event-id, idempotency-key, cache-control, if-match,"
          + " if-none-match, prefer, x-request-id, x-goog-api-key, x-goog-api-client,"
          + " x-server-timeout, traceparent, tracestate";
  private static final String RESPONSE_HEADERS =
      "x-request-id, x-trace-id, x-turn-id, retry-after, location, etag, idempotency-replayed,"
          + " preference-applied, retry-after-ms, x-should-retry, x-ratelimit-limit-requests,"
          + " x-ratelimit-remaining-requests, x-ratelimit-reset-requests,"
          + " x-ratelimit-limit-tokens, x-ratelimit-remaining-tokens, x-ratelimit-reset-tokens";
  private static final String MAX_AGE_SECONDS = "600";

  private final Set<String> origins;

  Cors(Set<String> origins) {
    this.origins = origins;
  }

  boolean allows(String origin) {
    return origins.contains(origin);
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (origins.isEmpty()) {
      ctx.next();
      return;
    }
    var headers = ctx.response().headers();
    headers.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    var origin = ctx.request().getHeader(HttpHeaders.ORIGIN);
    if (origin == null || !allows(origin)) {
      ctx.next();
      return;
    }
    headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    if (ctx.request().method().equals(HttpMethod.OPTIONS)
        && ctx.request().headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)) {
      headers
          .set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
          .set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS)
          .set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
      ctx.response().setStatusCode(204).end();
      return;
    }
    headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, RESPONSE_HEADERS);
    ctx.next();
  }
}
