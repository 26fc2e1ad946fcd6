package dev.penstock.kit.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a process measures, and its metrics page. Safe from any thread.
 *
 * <p>Counters and histograms are asked for by name, and all who ask get the same one. Where
 * recording is off they are there and stay empty; gauges, which cost nothing until they are read,
 * always tell.
 */
public final class Metrics {
  /** The page in the format of Prometheus. */
  static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  /** The page in the format of OpenMetrics. */
  static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

  // What the SQL client calls its category, which is no domain.
  private static final String SQL_CLIENT = "sql";
  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Labelled<Counter>> counters = new ConcurrentHashMap<>();
  private final Map<String, Labelled<Histogram>> histograms = new ConcurrentHashMap<>();
  private final boolean recording;

  /** One that records. */
  public Metrics() {
    this(true);
  }

  /**
   * @param recording whether anything but gauges is recorded
   */
  public Metrics(boolean recording) {
    this.recording = recording;
    registry.getPrometheusRegistry().register(new ProcessFigures());
  }

  /** Whether anything but gauges is recorded: recorders ask once and then spare the effort. */
  public boolean recording() {
    return recording;
  }

  /**
   * The process's Vert.x: native transport where there is one, its pools, sockets and HTTP measured
   * here.
   */
  public Vertx vertx() {
    // Per-write and per-statement meters of Vert.x would sit on the token path.
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
        .withMetrics(factory())
        .build();
  }

  private VertxMetricsFactory factory() {
    var pools = new MicrometerMetricsFactory(registry);
    return recording ? new HttpFigures(this).beside(pools) : pools;
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

  /**
   * A counter by its labels.
   *
   * @param name ends with {@code _total}
   * @param most sets of labels, the one for all beyond included
   */
  public Labelled<Counter> counter(String name, String help, int most, List<String> labels) {
    return counters.computeIfAbsent(
        name,
        _ -> {
          var made = new Labelled<>(labels, most, Counter::new);
          registry.getPrometheusRegistry().register(Snapshots.ofCounters(name, help, made));
          return made;
        });
  }

  /**
   * A histogram by its labels; of nanoseconds where its name says seconds.
   *
   * @param bounds rising, in the unit of the name
   * @param most sets of labels, the one for all beyond included
   */
  public Labelled<Histogram> histogram(
      String name, String help, List<Double> bounds, int most, List<String> labels) {
    return histograms.computeIfAbsent(
        name,
        _ -> {
          var perUnit = name.endsWith("_seconds") ? NANOS_PER_SECOND : 1;
          var upTo = Histogram.bounds(bounds, perUnit);
          var made = new Labelled<>(labels, most, () -> new Histogram(upTo));
          registry
              .getPrometheusRegistry()
              .register(Snapshots.ofHistograms(name, help, bounds, perUnit, made));
          return made;
        });
  }

  /** The registry, for meters a gauge cannot express. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** The metrics page in the format of Prometheus. */
  public String scrape() {
    return scrape(TEXT);
  }

  /**
   * The metrics page.
   *
   * @param contentType one of {@link #TEXT} and {@link #OPEN_METRICS}
   */
  String scrape(String contentType) {
    return registry.scrape(contentType);
  }
}
