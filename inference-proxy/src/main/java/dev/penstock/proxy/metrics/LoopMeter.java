package dev.penstock.proxy.metrics;

import dev.penstock.kit.metrics.Histogram;
import dev.penstock.kit.metrics.LoopHistogram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop counts with every token, in plain fields that are handed over ten times a
 * second. Confined to that loop, but for what gauges read. Times are of {@link System#nanoTime}.
 */
public final class LoopMeter {
  private final Map<List<String>, LoopHistogram> chunkGaps = new HashMap<>();
  private final List<LoopHistogram> all = new ArrayList<>();
  private final ProxyMetrics whole;
  private final boolean recording;
  private final LoopHistogram perChunk;
  private final LoopHistogram frameGaps;
  private long frames;
  private long bytes;
  private int paused;
  private long buffered;
  private long mostBuffered;
  private volatile int pausedNow;
  private volatile long bufferedNow;
  private volatile long mostBufferedNow;

  LoopMeter(ProxyMetrics whole, boolean recording) {
    this.whole = whole;
    this.recording = recording;
    this.perChunk = shared(whole.perChunk);
    this.frameGaps = shared(whole.frameGaps);
  }

  /** Whether anything is recorded. */
  boolean recording() {
    return recording;
  }

  ProxyMetrics whole() {
    return whole;
  }

  /** The time; 0 where nothing is recorded, which spares the clock. */
  public long now() {
    return recording ? System.nanoTime() : 0;
  }

  /** A generation or call for embeddings that has just arrived. */
  public GenerationMeter generation(String operation, String requestedModel) {
    return new GenerationMeter(this, operation, requestedModel);
  }

  /**
   * What of an answer had come since {@code since} was handed to the socket in one write.
   *
   * @param last when the write before was; 0 for the first
   * @return when this one was
   */
  public long wrote(int length, long since, long last) {
    if (!recording) {
      return 0;
    }
    var now = System.nanoTime();
    wroteAside(length);
    if (last == 0) {
      whole.firstByte.record(now - since);
    } else {
      perChunk.record(now - since);
      frameGaps.record(now - last);
    }
    return now;
  }

  /** Something beside an answer was written: a place in the queue, a sign of life. */
  public void wroteAside(int length) {
    frames++;
    bytes += length;
  }

  /** A stream's model server is not read any more, since its caller does not read. */
  public void paused() {
    paused++;
  }

  /** It is read again, or is over. */
  public void resumed(long forMillis) {
    paused--;
    if (recording) {
      whole.paused.record(TimeUnit.MILLISECONDS.toNanos(forMillis));
    }
  }

  /** One stream's part of what waits for callers; told for each between two {@link #publish}es. */
  public void buffers(long waiting) {
    buffered += waiting;
    mostBuffered = Math.max(mostBuffered, waiting);
  }

  /** Hands over what was counted. */
  public void publish() {
    pausedNow = paused;
    bufferedNow = buffered;
    mostBufferedNow = mostBuffered;
    buffered = 0;
    mostBuffered = 0;
    if (frames > 0) {
      whole.frames.add(frames);
      whole.bytes.add(bytes);
      frames = 0;
      bytes = 0;
    }
    all.forEach(LoopHistogram::publish);
  }

  /** Gaps between chunks of calls with those labels. */
  LoopHistogram chunkGaps(String... labels) {
    return chunkGaps.computeIfAbsent(List.of(labels), _ -> shared(whole.chunkGaps.of(labels)));
  }

  int pausedNow() {
    return pausedNow;
  }

  long bufferedNow() {
    return bufferedNow;
  }

  long mostBufferedNow() {
    return mostBufferedNow;
  }

  private LoopHistogram shared(Histogram histogram) {
    var mine = histogram.onLoop();
    all.add(mine);
    return mine;
  }
}
