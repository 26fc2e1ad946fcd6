package dev.penstock.kit.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The meter registry of a process. Safe from any thread. */
public final class Metrics {
  // What the SQL client calls its category, which is no domain.
  private static final String SQL_CLIENT = "sql";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /**
   * The process's Vert.x: native transport where there is one, its pools and sockets measured here.
   */
  public Vertx vertx() {
    // Per-request, per-write and per-statement meters of Vert.x would sit on the token path.
    var pools =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            // Under one name the first registry of a JVM would get the meters of every Vert.x in
            // it.
            .setRegistryName(UUID.randomUUID().toString())
            .setDisabledMetricsCategories(
                Stream.concat(
                        Stream.of(SQL_CLIENT),
                        Arrays.stream(MetricsDomain.values())
                            .filter(domain -> domain != MetricsDomain.NAMED_POOLS)
                            .map(MetricsDomain::toCategory))
                    .collect(Collectors.toSet()));
    return Vertx.builder()
        .with(new VertxOptions().setPreferNativeTransport(true).setMetricsOptions(pools))
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }

  /**
   * Registers a gauge of something that lives as long as the process.
   *
   * @param tags alternating keys and values
   */
  public <T> void gauge(
      String name, String description, T subject, ToDoubleFunction<T> value, String... tags) {
    Gauge.builder(name, subject, value)
        .description(description)
        .tags(Tags.of(tags))
        .strongReference(true)
        .register(registry);
  }

  /** The registry, for meters a gauge cannot express. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** The exposition text of all meters. */
  public String scrape() {
    return registry.scrape();
  }
}
