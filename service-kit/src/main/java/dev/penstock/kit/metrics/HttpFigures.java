package dev.penstock.kit.metrics;

import io.vertx.core.MultiMap;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpClientMetrics;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests served and made, as OpenTelemetry's stable HTTP metrics have them: one observation per
 * exchange, nothing per write. Pools are left to whom they were measured by before.
 */
final class HttpFigures {
  /** As the convention has them; a stream's time is how long it was open. */
  private static final List<Double> SECONDS =
      List.of(.005, .01, .025, .05, .075, .1, .25, .5, .75, 1., 2.5, 5., 7.5, 10.);

  private static final int MOST_SERVED = 16;
  private static final int MOST_MADE = 5;

  private final AtomicInteger active = new AtomicInteger();
  private final Labelled<Histogram> served;
  private final Labelled<Histogram> made;

  HttpFigures(Metrics metrics) {
    served =
        metrics.histogram(
            "http_server_request_duration_seconds",
            "Request received to response sent; for a stream that is how long it was open",
            SECONDS,
            MOST_SERVED,
            List.of("http_request_method", "http_route", "http_response_status_code", "stream"));
    made =
        metrics.histogram(
            "http_client_request_duration_seconds",
            "Request sent to response received; for a stream that is how long it was open",
            SECONDS,
            MOST_MADE,
            List.of(
                "http_request_method",
                "server_address",
                "server_port",
                "http_response_status_code",
                "stream"));
    metrics.gauge(
        "http_server_active_requests", "Requests being answered", active, AtomicInteger::get);
  }

  /** Measures HTTP too, beside what {@code pools} measures. */
  VertxMetricsFactory beside(VertxMetricsFactory pools) {
    return new VertxMetricsFactory() {
      @Override
      public VertxMetrics metrics(VertxOptions options) {
        return new Both(pools.metrics(options));
      }

      @Override
      public MetricsOptions newOptions(MetricsOptions options) {
        return pools.newOptions(options);
      }
    };
  }

  /** Whether a body of that type is sent piece by piece as it comes to be. */
  static boolean isStream(MultiMap headers) {
    var type = headers.get(HttpHeaders.CONTENT_TYPE);
    return type != null
        && (type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson"));
  }

  private final class Both implements VertxMetrics {
    private final VertxMetrics pools;

    Both(VertxMetrics pools) {
      this.pools = pools;
    }

    @Override
    public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
        HttpServerOptions options, SocketAddress address) {
      return new ServedRequests(served, active);
    }

    @Override
    public HttpClientMetrics<?, ?, ?> createHttpClientMetrics(HttpClientOptions options) {
      return new MadeRequests(made);
    }

    @Override
    public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int size) {
      // Each loop has a client of its own, and all have one address: their pools share a name.
      return type.equals("http")
          ? new PoolMetrics<Object, Object>() {}
          : pools.createPoolMetrics(type, name, size);
    }

    @Override
    public boolean isMetricsEnabled() {
      return true;
    }

    @Override
    public void close() {
      pools.close();
    }
  }
}
