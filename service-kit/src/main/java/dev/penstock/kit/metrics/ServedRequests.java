package dev.penstock.kit.metrics;

import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What an HTTP server tells of the requests it serves. */
final class ServedRequests implements HttpServerMetrics<Exchange, Void, Void> {
  private static final Set<String> PROBES = Set.of("/health", "/livez", "/readyz", "/metrics");

  private final Labelled<Histogram> durations;
  private final AtomicInteger active;

  ServedRequests(Labelled<Histogram> durations, AtomicInteger active) {
    this.durations = durations;
    this.active = active;
  }

  @Override
  public Exchange requestBegin(Void socket, HttpRequest request) {
    active.incrementAndGet();
    return new Exchange(request.method());
  }

  @Override
  public void requestRouted(Exchange exchange, @Nullable String route) {
    exchange.routed(route);
  }

  @Override
  public void responseBegin(Exchange exchange, HttpResponse response) {
    exchange.answered(response.statusCode(), HttpFigures.isStream(response.headers()));
  }

  @Override
  public void responseEnd(Exchange exchange, HttpResponse response, long bytes) {
    end(exchange);
  }

  @Override
  public void requestReset(Exchange exchange) {
    end(exchange);
  }

  private void end(Exchange exchange) {
    if (exchange.end()) {
      active.decrementAndGet();
      if (PROBES.contains(exchange.route())) {
        return; // they say nothing of traffic, and would take the place of what does
      }
      durations
          .of(exchange.method(), exchange.route(), exchange.status(), exchange.stream())
          .record(exchange.nanos());
    }
  }
}
