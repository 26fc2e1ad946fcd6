package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The counts and times of a last frame; times in nanoseconds, what is 0 is not sent (ollama-api.md
 * section 4.1).
 *
 * @param total from the request's arrival to the last frame, the queue included
 */
record Metrics(
    long total, long load, long promptEvalCount, long promptEval, long evalCount, long eval) {
  /** Of a model that was only loaded or let go. */
  static final Metrics NONE = new Metrics(0, 0, 0, 0, 0, 0);

  private static final long NANOS_PER_MS = 1_000_000;

  /**
   * Of an answer.
   *
   * @param timings null where nobody measured
   */
  static Metrics of(long totalNanos, Usage usage, @Nullable Timings timings) {
    return new Metrics(
        totalNanos,
        timings == null ? 0 : nanos(timings.loadMs()),
        usage.inputTokens(),
        timings == null ? 0 : nanos(timings.prefillMs()),
        usage.outputTokens(),
        timings == null ? 0 : nanos(timings.decodeMs()));
  }

  void append(Buffer out) {
    member(out, "total_duration", total);
    member(out, "load_duration", load);
    member(out, "prompt_eval_count", promptEvalCount);
    member(out, "prompt_eval_duration", promptEval);
    member(out, "eval_count", evalCount);
    member(out, "eval_duration", eval);
  }

  private static void member(Buffer out, String name, long value) {
    if (value > 0) {
      out.appendString(",\"" + name + "\":" + value);
    }
  }

  private static long nanos(@Nullable Long millis) {
    return millis == null ? 0 : millis * NANOS_PER_MS;
  }
}
