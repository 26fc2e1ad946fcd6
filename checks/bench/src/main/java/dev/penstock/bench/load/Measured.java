package dev.penstock.bench.load;

/**
 * What the streams of one load showed while recording was on; errors and torn streams count always.
 * Written by the client's event loop, read when the load is over.
 */
public final class Measured {
  /** Sent by the backend to read here. */
  public final Histogram latency = new Histogram();

  /** Between two reads of tokens on one stream. */
  public final Histogram gap = new Histogram();

  /** Request sent, on a fresh connection from before its connect, to the first token. */
  public final Histogram firstToken = new Histogram();

  private volatile boolean recording;
  private long tokens;
  private long streams;
  private long failed;
  private long torn;
  private String firstFailure = "";

  /** From now on tokens and streams count. */
  public void start() {
    recording = true;
  }

  /** From now on they do not. */
  public void stop() {
    recording = false;
  }

  /** Tokens read while recording. */
  public long tokens() {
    return tokens;
  }

  /** Streams that ended while recording. */
  public long streams() {
    return streams;
  }

  /** Streams that were refused or broke off. */
  public long failed() {
    return failed;
  }

  /** Streams that ended with fewer or more tokens than ordered. */
  public long torn() {
    return torn;
  }

  /** What the first failure looked like; empty for none. */
  public String firstFailure() {
    return firstFailure;
  }

  void token(long latencyMicros) {
    if (recording) {
      tokens++;
      latency.add(latencyMicros);
    }
  }

  void gap(long micros) {
    if (recording) {
      gap.add(micros);
    }
  }

  void first(long micros) {
    if (recording) {
      firstToken.add(micros);
    }
  }

  void ended(boolean whole) {
    if (recording) {
      streams++;
    }
    if (!whole) {
      torn++;
    }
  }

  void failed(String how) {
    failed++;
    if (firstFailure.isEmpty()) {
      firstFailure = how;
    }
  }
}
