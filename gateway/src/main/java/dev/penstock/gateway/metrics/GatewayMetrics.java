package dev.penstock.gateway.metrics;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.metric.StreamEnd;
import dev.penstock.kit.metrics.Counter;
import dev.penstock.kit.metrics.Histogram;
import dev.penstock.kit.metrics.Labelled;
import dev.penstock.kit.metrics.Metrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Function;

/** What one gateway process counts and times. Safe from any thread. */
public final class GatewayMetrics {
  /** The value of the label {@code service}. */
  public static final String SERVICE = "gateway";

  final Labelled<Histogram> durations;
  final Labelled<Histogram> firstTokens;
  final Labelled<Histogram> perOutputToken;
  final Labelled<Histogram> cancels;
  final Labelled<Histogram> paused;
  final Labelled<Counter> streamEnds;
  final Labelled<Counter> resumes;
  final Labelled<Counter> limited;
  final Labelled<Counter> frames;
  final Labelled<Counter> bytes;
  final Histogram replayed;
  final Histogram requestHeaders;
  final Histogram firstByte;
  final Histogram perChunk;
  final Histogram frameGaps;
  final AtomicIntegerArray open = new AtomicIntegerArray(Dialect.values().length);
  final AtomicIntegerArray stopped = new AtomicIntegerArray(Dialect.values().length);

  private final boolean recording;

  /** Registers what is counted; each name once for all gateways of a process. */
  public GatewayMetrics(Metrics metrics) {
    recording = metrics.recording();
    Function<Metric, Labelled<Histogram>> histogram =
        of ->
            metrics.histogram(
                of.id(), of.help(), of.bounds(), of.most() * of.exporters().size(), of.labels());
    Function<Metric, Labelled<Counter>> counter =
        of -> metrics.counter(of.id(), of.help(), of.most() * of.exporters().size(), of.labels());
    durations = histogram.apply(Metric.GEN_AI_SERVER_REQUEST_DURATION);
    firstTokens = histogram.apply(Metric.GEN_AI_SERVER_TIME_TO_FIRST_TOKEN);
    perOutputToken = histogram.apply(Metric.GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN);
    cancels = histogram.apply(Metric.CHAT_CANCEL);
    paused = histogram.apply(Metric.CHAT_BACKPRESSURE_PAUSED);
    streamEnds = counter.apply(Metric.CHAT_STREAM_END);
    resumes = counter.apply(Metric.CHAT_RESUME);
    limited = counter.apply(Metric.CHAT_LIMITED);
    frames = counter.apply(Metric.CHAT_STREAM_FRAMES);
    bytes = counter.apply(Metric.CHAT_STREAM_BYTES);
    replayed = histogram.apply(Metric.CHAT_RESUME_REPLAYED_EVENTS).of();
    var overhead = histogram.apply(Metric.CHAT_OVERHEAD);
    requestHeaders = overhead.of(SERVICE, "request_headers");
    firstByte = overhead.of(SERVICE, "first_byte");
    perChunk = overhead.of(SERVICE, "per_chunk");
    frameGaps = histogram.apply(Metric.CHAT_INTER_FRAME_GAP).of(SERVICE);
    for (var end : StreamEnd.values()) {
      streamEnds.of(SERVICE, end.word());
    }
  }

  /** Registers how many streams are open now, by protocol. */
  public void gauges(Metrics metrics) {
    var active = Metric.CHAT_STREAMS_ACTIVE;
    for (var dialect : Dialect.values()) {
      var of = dialect.index();
      metrics.gauge(
          active.id(),
          active.help(),
          this,
          now -> Math.max(0, now.open.get(of) - now.stopped.get(of)),
          active.tags(List.of(SERVICE, dialect.word(), "flowing")));
      metrics.gauge(
          active.id(),
          active.help(),
          this,
          now -> now.stopped.get(of),
          active.tags(List.of(SERVICE, dialect.word(), "paused")));
    }
  }

  /** A request was refused: that limit of its caller's is used up. */
  public void limited(String limit) {
    if (recording) {
      limited.of(limit).increment();
    }
  }

  /** The part of one event loop. */
  public LoopMeter loop() {
    return new LoopMeter(this, recording);
  }
}
