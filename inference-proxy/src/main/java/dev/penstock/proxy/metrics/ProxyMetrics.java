package dev.penstock.proxy.metrics;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.metric.StreamEnd;
import dev.penstock.kit.metrics.Counter;
import dev.penstock.kit.metrics.Histogram;
import dev.penstock.kit.metrics.Labelled;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.proxy.serving.UpstreamConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one proxy process counts and times. Safe from any thread. */
public final class ProxyMetrics {
  /** The value of the label {@code service}. */
  static final String SERVICE = "inference-proxy";

  /** Streams of our own protocol have no public dialect. */
  static final String DIALECT = "internal";

  final Labelled<Histogram> operations;
  final Labelled<Histogram> firstChunks;
  final Labelled<Histogram> chunkGaps;
  final Labelled<Histogram> tokenUsage;
  final Labelled<Histogram> queueWaits;
  final Labelled<Histogram> loads;
  final Labelled<Histogram> prefills;
  final Labelled<Histogram> decodes;
  final Labelled<Histogram> unexplained;
  final Labelled<Histogram> prefillPerToken;
  final Labelled<Histogram> cancels;
  final Labelled<Counter> tokens;
  final Labelled<Counter> affinity;
  final Labelled<Counter> streamEnds;
  final Histogram requestHeaders;
  final Histogram firstByte;
  final Histogram perChunk;
  final Histogram frameGaps;
  final Histogram paused;
  final Counter frames;
  final Counter bytes;

  private final List<LoopMeter> loops = new CopyOnWriteArrayList<>();
  private final Map<String, Target> targets;
  private final boolean recording;

  /**
   * @param upstreams all that can be asked
   */
  public ProxyMetrics(Metrics metrics, List<UpstreamConfig> upstreams) {
    recording = metrics.recording();
    targets = upstreams.stream().collect(Collectors.toMap(UpstreamConfig::name, Target::of));
    Function<Metric, Labelled<Histogram>> histogram =
        of ->
            metrics.histogram(
                of.id(), of.help(), of.bounds(), of.most() * of.exporters().size(), of.labels());
    Function<Metric, Labelled<Counter>> counter =
        of -> metrics.counter(of.id(), of.help(), of.most() * of.exporters().size(), of.labels());
    operations = histogram.apply(Metric.GEN_AI_CLIENT_OPERATION_DURATION);
    firstChunks = histogram.apply(Metric.GEN_AI_CLIENT_TIME_TO_FIRST_CHUNK);
    chunkGaps = histogram.apply(Metric.GEN_AI_CLIENT_TIME_PER_OUTPUT_CHUNK);
    tokenUsage = histogram.apply(Metric.GEN_AI_CLIENT_TOKEN_USAGE);
    queueWaits = histogram.apply(Metric.CHAT_QUEUE_WAIT);
    loads = histogram.apply(Metric.CHAT_UPSTREAM_LOAD);
    prefills = histogram.apply(Metric.CHAT_UPSTREAM_PREFILL);
    decodes = histogram.apply(Metric.CHAT_UPSTREAM_DECODE);
    unexplained = histogram.apply(Metric.CHAT_UPSTREAM_UNEXPLAINED);
    prefillPerToken = histogram.apply(Metric.CHAT_UPSTREAM_PREFILL_PER_TOKEN);
    cancels = histogram.apply(Metric.CHAT_CANCEL);
    tokens = counter.apply(Metric.CHAT_TOKENS);
    affinity = counter.apply(Metric.CHAT_AFFINITY);
    streamEnds = counter.apply(Metric.CHAT_STREAM_END);
    var overhead = histogram.apply(Metric.CHAT_OVERHEAD);
    requestHeaders = overhead.of(SERVICE, "request_headers");
    firstByte = overhead.of(SERVICE, "first_byte");
    perChunk = overhead.of(SERVICE, "per_chunk");
    frameGaps = histogram.apply(Metric.CHAT_INTER_FRAME_GAP).of(SERVICE);
    paused = histogram.apply(Metric.CHAT_BACKPRESSURE_PAUSED).of("upstream");
    frames = counter.apply(Metric.CHAT_STREAM_FRAMES).of(SERVICE, DIALECT);
    bytes = counter.apply(Metric.CHAT_STREAM_BYTES).of(SERVICE, DIALECT);
    for (var end : StreamEnd.values()) {
      streamEnds.of(SERVICE, end.word());
    }
  }

  /**
   * Registers what is now: streams, and what waits for their readers.
   *
   * @param active generations and embeddings under way
   */
  public void gauges(Metrics metrics, AtomicInteger active) {
    var streams = Metric.CHAT_STREAMS_ACTIVE;
    metrics.gauge(
        streams.id(),
        streams.help(),
        active,
        now -> Math.max(0, now.get() - pausedNow()),
        streams.tags(List.of(SERVICE, DIALECT, "flowing")));
    metrics.gauge(
        streams.id(),
        streams.help(),
        this,
        ProxyMetrics::pausedNow,
        streams.tags(List.of(SERVICE, DIALECT, "paused")));
    var buffered = Metric.CHAT_BUFFERED_BYTES;
    metrics.gauge(
        buffered.id(),
        buffered.help(),
        loops,
        all -> all.stream().mapToLong(LoopMeter::bufferedNow).asDoubleStream().sum(),
        buffered.tags(List.of(SERVICE, "gateway", "sum")));
    metrics.gauge(
        buffered.id(),
        buffered.help(),
        loops,
        all -> all.stream().mapToLong(LoopMeter::mostBufferedNow).asDoubleStream().max().orElse(0),
        buffered.tags(List.of(SERVICE, "gateway", "max")));
  }

  /** The part of one event loop. */
  public LoopMeter loop() {
    var loop = new LoopMeter(this, recording);
    loops.add(loop);
    return loop;
  }

  Target target(String upstream) {
    return targets.getOrDefault(upstream, new Target(Metric.OTHER, "", ""));
  }

  private int pausedNow() {
    return loops.stream().mapToInt(LoopMeter::pausedNow).sum();
  }
}
