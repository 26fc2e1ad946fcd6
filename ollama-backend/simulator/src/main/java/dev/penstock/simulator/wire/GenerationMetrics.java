package dev.penstock.simulator.wire;

/**
 * The six figures of a final frame. A zero is left out on the wire.
 *
 * @param totalNanos from the request to the final frame
 * @param loadNanos until a loaded model was assigned; the wait for a slot is not part of it
 * @param promptEvalCount tokens of the whole prompt
 * @param promptEvalNanos whole microseconds, as the engine below measures
 * @param evalCount tokens of the answer, thoughts included
 * @param evalNanos whole microseconds
 */
public record GenerationMetrics(
    long totalNanos,
    long loadNanos,
    int promptEvalCount,
    long promptEvalNanos,
    int evalCount,
    long evalNanos) {
  /** Of an answer that only loads or unloads. */
  public static final GenerationMetrics NONE = new GenerationMetrics(0, 0, 0, 0, 0, 0);

  void appendTo(StringBuilder json) {
    append(json, "total_duration", totalNanos);
    append(json, "load_duration", loadNanos);
    append(json, "prompt_eval_count", promptEvalCount);
    append(json, "prompt_eval_duration", promptEvalNanos);
    append(json, "eval_count", evalCount);
    append(json, "eval_duration", evalNanos);
  }

  private static void append(StringBuilder json, String name, long value) {
    if (value != 0) {
      json.append(",\"").append(name).append("\":").append(value);
    }
  }
}
