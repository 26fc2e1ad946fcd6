package dev.penstock.gateway.metrics;

/**
 * What is measured of one connection that an answer is written to. Confined to its event loop.
 * Where nothing is recorded, only {@link #close} and what it counts back do anything.
 */
public final class StreamMeter {
  private final LoopMeter loop;
  private final Dialect dialect;
  private boolean closed;
  private boolean answered;
  private boolean stopped;
  private long stoppedAt;
  private long arrivedAt;
  private long wroteAt;

  StreamMeter(LoopMeter loop, Dialect dialect) {
    this.loop = loop;
    this.dialect = dialect;
    loop.whole().open.incrementAndGet(dialect.index());
  }

  /** The clock; 0 where nothing is recorded. Safe from any thread. */
  public long now() {
    return loop.now();
  }

  /** Something to write has come; what comes before the next write waits no longer than it. */
  public void arrived() {
    if (arrivedAt == 0) {
      arrivedAt = loop.now();
    }
  }

  /**
   * Something to write has come on another loop.
   *
   * @param at when, of {@link #now}
   */
  public void arrived(long at) {
    if (arrivedAt == 0) {
      arrivedAt = at;
    }
  }

  /**
   * What came is written, or waits for somebody else: the client that does not take it, the store
   * that has not confirmed it.
   */
  public void settled() {
    arrivedAt = 0;
  }

  /** Text of the answer was handed to the socket. */
  public void wrote(int length) {
    if (!loop.recording()) {
      return;
    }
    var now = System.nanoTime();
    loop.wrote(dialect, length);
    if (arrivedAt != 0) {
      if (answered) {
        loop.perChunk(now - arrivedAt);
      } else {
        answered = true;
        loop.whole().firstByte.record(now - arrivedAt);
      }
    }
    if (wroteAt != 0) {
      loop.frameGap(now - wroteAt);
    }
    wroteAt = now;
    arrivedAt = 0;
  }

  /** Something beside the answer was: a head, a place in the queue, a sign of life. */
  public void wroteAside(int length) {
    if (loop.recording()) {
      loop.wrote(dialect, length);
      arrivedAt = 0;
    }
  }

  /** The client does not take what there is. */
  public void stopped() {
    if (!stopped && !closed) {
      stopped = true;
      stoppedAt = loop.now();
      loop.whole().stopped.incrementAndGet(dialect.index());
    }
  }

  /**
   * It takes again.
   *
   * @param hop whose reading had stopped: {@code client}, or {@code gateway} where we stopped
   *     reading in turn
   */
  public void flows(String hop) {
    if (stopped) {
      stopped = false;
      loop.whole().stopped.decrementAndGet(dialect.index());
      if (loop.recording()) {
        loop.whole().paused.of(hop).record(loop.now() - stoppedAt);
      }
    }
  }

  /** It goes on behind an event of its client's, which missed so many. */
  public void resumes(boolean live, int missed) {
    loop.resumed(live ? "live" : "replay_only");
    if (loop.recording()) {
      loop.whole().replayed.record(missed);
    }
  }

  /**
   * It goes on with the whole text.
   *
   * @param expired since the events are gone
   */
  public void rewinds(boolean expired) {
    loop.resumed(expired ? "expired" : "gap");
  }

  /** The connection is not written to any more. */
  public void close() {
    if (!closed) {
      closed = true;
      if (stopped) {
        stopped = false;
        loop.whole().stopped.decrementAndGet(dialect.index());
      }
      loop.whole().open.decrementAndGet(dialect.index());
    }
  }
}
