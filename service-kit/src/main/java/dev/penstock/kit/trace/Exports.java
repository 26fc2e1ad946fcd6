package dev.penstock.kit.trace;

import dev.penstock.kit.http.Version;
import dev.penstock.kit.metrics.Metrics;
import io.micrometer.core.instrument.FunctionCounter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Spans on their way to the collector: gathered by the SDK on a thread of its own, bounded, and
 * counted where they are dropped.
 */
final class Exports {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final long LAST_WORDS_MS = 1_000;

  /**
   * The SDK tells of each failed batch in a format of its own; {@link ToldExporter} tells once a
   * minute in ours. Held here, since a logger nobody holds is forgotten with its level.
   */
  private static final Logger SDK = Logger.getLogger("io.opentelemetry");

  private final SdkTracerProvider provider;

  private Exports(SdkTracerProvider provider) {
    this.provider = provider;
  }

  static Exports to(TraceConfig config, String service, Metrics metrics) {
    SDK.setLevel(Level.OFF);
    var builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.endpoint().toString())
            .setHeaders(config::headers)
            .setTimeout(config.timeout())
            .setConnectTimeout(CONNECT)
            .setMeterProvider(MeterProvider.noop())
            .setCompression(config.compressed() ? "gzip" : "none");
    var exporter = new ToldExporter(builder.build(), config.endpoint());
    var batches =
        BatchSpanProcessor.builder(exporter)
            // Never full: those who may wait are counted before.
            .setMaxQueueSize(config.maxQueue() + config.maxBatch())
            .setMaxExportBatchSize(config.maxBatch())
            .setScheduleDelay(config.delay())
            .setExporterTimeout(config.timeout())
            .setMeterProvider(MeterProvider.noop())
            .build();
    var waiting = new WaitingSpans(batches, config.maxQueue());
    exporter.whenTaken(waiting::taken);
    register(waiting, exporter, service, metrics);
    return new Exports(
        SdkTracerProvider.builder()
            .setResource(config.resource())
            .setSampler(config.sampler())
            .addSpanProcessor(waiting)
            .build());
  }

  private static void register(
      WaitingSpans waiting, ToldExporter exporter, String service, Metrics metrics) {
    metrics.gauge(
        "penstock_trace_spans_waiting",
        "Ended spans that wait to be sent",
        waiting,
        WaitingSpans::waiting,
        "service",
        service);
    FunctionCounter.builder("penstock_trace_spans_dropped", waiting, WaitingSpans::dropped)
        .description("Spans dropped because too many waited")
        .tag("service", service)
        .register(metrics.registry());
    FunctionCounter.builder("penstock_trace_spans_failed", exporter, ToldExporter::failed)
        .description("Spans the collector did not take")
        .tag("service", service)
        .register(metrics.registry());
  }

  Tracer tracer(String scope) {
    return provider.tracerBuilder(scope).setInstrumentationVersion(Version.OF_BUILD).build();
  }

  Future<Void> close() {
    var closed = Promise.<Void>promise();
    CompletableResultCode shutdown = provider.shutdown();
    shutdown.whenComplete(closed::tryComplete);
    return closed.future().timeout(LAST_WORDS_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
