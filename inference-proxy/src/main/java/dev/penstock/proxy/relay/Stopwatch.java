package dev.penstock.proxy.relay;

import dev.penstock.contracts.generation.Timings;
import dev.penstock.proxy.generation.Completion;

/** Where the time of one generation went; milliseconds of {@link RelayLoop#now()}. */
final class Stopwatch {
  private final long arrived;
  private long sentAt;
  private long firstTokenAt;
  private long loadMs;

  Stopwatch(long now) {
    arrived = now;
  }

  /** A slot was granted and the prompt is on its way. */
  void sent(long now, long loadedForMs) {
    sentAt = now;
    loadMs += loadedForMs;
  }

  void firstToken(long now) {
    firstTokenAt = now;
  }

  /** Waited for a slot until the prompt was sent, loads left out. */
  long queuedMs() {
    return Math.max(0, sentAt - arrived - loadMs);
  }

  Timings timings(long now, Completion completion) {
    var first = firstTokenAt == 0 ? now : firstTokenAt;
    var prefill = completion.prefillMs();
    var decode = completion.decodeMs();
    return new Timings(
        queuedMs(),
        loadMs + completion.loadMs(),
        prefill == null ? first - sentAt : prefill,
        first - arrived,
        decode == null ? now - first : decode);
  }
}
