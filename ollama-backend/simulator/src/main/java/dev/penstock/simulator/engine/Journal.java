package dev.penstock.simulator.engine;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What the simulator has seen, for whoever watches it in a test. Confined to one event loop. */
public final class Journal {
  private static final int CANCELS_KEPT = 1000;

  private long requests;
  private long generations;
  private long answers;
  private long cancels;
  private final Deque<Cancel> lastCancels = new ArrayDeque<>();

  /**
   * A client that left before its answer was complete.
   *
   * @param phase {@code loading}, {@code waiting}, {@code prefill}, {@code decoding}
   * @param tokens how many tokens it had been generated
   */
  public record Cancel(Instant at, String model, String phase, int tokens) {}

  /** A request of any kind has come. */
  public void requested() {
    requests++;
  }

  void began() {
    generations++;
  }

  void answered() {
    answers++;
  }

  void cancelled(Cancel cancel) {
    cancels++;
    if (lastCancels.size() == CANCELS_KEPT) {
      lastCancels.removeFirst();
    }
    lastCancels.add(cancel);
  }

  /** Requests of any kind. */
  public long requests() {
    return requests;
  }

  /** Chats and completions asked for, whatever became of them. */
  public long generations() {
    return generations;
  }

  /** Those that ended with a final frame. */
  public long answers() {
    return answers;
  }

  /** Those whose client left first. */
  public long cancels() {
    return cancels;
  }

  /** The newest cancels, oldest first, at most 1,000. */
  public List<Cancel> lastCancels() {
    return List.copyOf(lastCancels);
  }
}
