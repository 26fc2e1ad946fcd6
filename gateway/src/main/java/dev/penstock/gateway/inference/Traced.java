package dev.penstock.gateway.inference;

import dev.penstock.kit.trace.ClientCall;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.http.HttpMethod;
import java.net.URI;

/**
 * Where in a trace the requests to proxies are.
 *
 * @param within the span they are a part of
 */
record Traced(Tracing tracing, Span within) {
  ClientCall post(URI proxy, String route) {
    return tracing.call(within, HttpMethod.POST, proxy, route);
  }
}
