package dev.penstock.kit.metrics;

import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.ClientMetrics;
import io.vertx.core.spi.metrics.HttpClientMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;

/** What an HTTP client tells of the requests it makes. */
final class MadeRequests implements HttpClientMetrics<Exchange, Void, Void> {
  private final Labelled<Histogram> durations;

  MadeRequests(Labelled<Histogram> durations) {
    this.durations = durations;
  }

  @Override
  public ClientMetrics<Exchange, HttpRequest, HttpResponse> createEndpointMetrics(
      SocketAddress server, int connections) {
    var host = server.host() == null ? "" : server.host();
    var port = Integer.toString(server.port());
    return new ClientMetrics<>() {
      @Override
      public Exchange requestBegin(String uri, HttpRequest request) {
        return new Exchange(request.method());
      }

      @Override
      public void responseBegin(Exchange exchange, HttpResponse response) {
        exchange.answered(response.statusCode(), HttpFigures.isStream(response.headers()));
      }

      @Override
      public void responseEnd(Exchange exchange, long bytes) {
        end(exchange);
      }

      @Override
      public void requestReset(Exchange exchange) {
        end(exchange);
      }

      private void end(Exchange exchange) {
        if (exchange.end()) {
          durations
              .of(exchange.method(), host, port, exchange.status(), exchange.stream())
              .record(exchange.nanos());
        }
      }
    };
  }
}
