package dev.penstock.bench.load;

import java.util.Map;
import java.util.TreeMap;

/** What came back in one window. Written by one event loop, read when the window is over. */
public final class Answers {
  /** From when a request was due to the end of its answer, so that waiting to be sent counts. */
  public final Histogram latency = new Histogram();

  private final Map<Integer, Long> statuses = new TreeMap<>();
  private long broken;

  void add(int status, long micros) {
    latency.add(micros);
    statuses.merge(status, 1L, Long::sum);
  }

  void broken() {
    broken++;
  }

  /** How many answers had which status. */
  public Map<Integer, Long> statuses() {
    return statuses;
  }

  /** Requests without a whole answer. */
  public long lost() {
    return broken;
  }
}
