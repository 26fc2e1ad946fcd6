package dev.penstock.gateway.metrics;

import dev.penstock.contracts.metric.StreamEnd;
import dev.penstock.kit.metrics.LoopHistogram;

/**
 * What one event loop counts with every token, in plain fields that are handed over by {@link
 * #publish}. Confined to that loop. Times are of {@link System#nanoTime}.
 */
public final class LoopMeter {
  private final GatewayMetrics whole;
  private final boolean recording;
  private final LoopHistogram perChunk;
  private final LoopHistogram frameGaps;
  private final long[] frames = new long[Dialect.values().length];
  private final long[] bytes = new long[Dialect.values().length];

  LoopMeter(GatewayMetrics whole, boolean recording) {
    this.whole = whole;
    this.recording = recording;
    this.perChunk = whole.perChunk.onLoop();
    this.frameGaps = whole.frameGaps.onLoop();
  }

  /** Whether anything is recorded. */
  boolean recording() {
    return recording;
  }

  GatewayMetrics whole() {
    return whole;
  }

  /** The time; 0 where nothing is recorded, which spares the clock. Safe from any thread. */
  public long now() {
    return recording ? System.nanoTime() : 0;
  }

  /**
   * An answer that begins to be made.
   *
   * @param stream whether it is sent as it comes to be
   */
  public AnswerMeter answer(Dialect dialect, boolean stream, String requestedModel) {
    return new AnswerMeter(this, dialect, stream, requestedModel);
  }

  /** A connection that an answer will be written to piece by piece; it counts as open. */
  public StreamMeter stream(Dialect dialect) {
    return new StreamMeter(this, dialect);
  }

  /** A request has gone on to a proxy, so long after it was to. */
  public void asked(long nanos) {
    if (recording) {
      whole.requestHeaders.record(nanos);
    }
  }

  /** A client wanted to go on where nothing of that name is. */
  public void resumedUnknown() {
    resumed("unknown");
  }

  void resumed(String result) {
    if (recording) {
      whole.resumes.of(result).increment();
    }
  }

  void ends(StreamEnd how) {
    if (recording) {
      whole.streamEnds.of(GatewayMetrics.SERVICE, how.word()).increment();
    }
  }

  void wrote(Dialect dialect, int length) {
    frames[dialect.index()]++;
    bytes[dialect.index()] += length;
  }

  void perChunk(long nanos) {
    perChunk.record(nanos);
  }

  void frameGap(long nanos) {
    frameGaps.record(nanos);
  }

  /** Hands over what was counted. */
  public void publish() {
    for (var dialect : Dialect.values()) {
      var of = dialect.index();
      if (frames[of] > 0) {
        whole.frames.of(GatewayMetrics.SERVICE, dialect.word()).add(frames[of]);
        whole.bytes.of(GatewayMetrics.SERVICE, dialect.word()).add(bytes[of]);
        frames[of] = 0;
        bytes[of] = 0;
      }
    }
    perChunk.publish();
    frameGaps.publish();
  }
}
