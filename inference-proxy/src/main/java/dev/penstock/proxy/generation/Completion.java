package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * How an answer ended, as the model server tells it.
 *
 * @param inputTokens null where it did not count
 * @param outputTokens null where it did not count
 * @param cachedTokens how many of the input it did not have to read again; null where it does not
 *     tell
 * @param thoughtTokens how many of the output were thoughts; null where it does not tell
 * @param loadMs milliseconds it spent until a model was there to run it
 * @param prefillMs milliseconds over the prompt; null where it did not measure
 * @param decodeMs milliseconds over the answer; null where it did not measure
 * @param unexplainedMs milliseconds of its whole time that are none of these: its own queue, and
 *     what it does beside; null where it did not measure
 */
public record Completion(
    FinishReason reason,
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    @Nullable Integer cachedTokens,
    @Nullable Integer thoughtTokens,
    long loadMs,
    @Nullable Long prefillMs,
    @Nullable Long decodeMs,
    @Nullable Long unexplainedMs) {

  /** An end that leaves nothing unexplained, as far as the model server tells. */
  public Completion(
      FinishReason reason,
      @Nullable Integer inputTokens,
      @Nullable Integer outputTokens,
      @Nullable Integer cachedTokens,
      @Nullable Integer thoughtTokens,
      long loadMs,
      @Nullable Long prefillMs,
      @Nullable Long decodeMs) {
    this(
        reason,
        inputTokens,
        outputTokens,
        cachedTokens,
        thoughtTokens,
        loadMs,
        prefillMs,
        decodeMs,
        null);
  }

  /** An end of which no parts of the counts are told. */
  public Completion(
      FinishReason reason,
      @Nullable Integer inputTokens,
      @Nullable Integer outputTokens,
      long loadMs,
      @Nullable Long prefillMs,
      @Nullable Long decodeMs) {
    this(reason, inputTokens, outputTokens, null, null, loadMs, prefillMs, decodeMs);
  }

  /** The same with what the model server's own times leave over. */
  public Completion withUnexplainedMs(long ms) {
    return new Completion(
        reason,
        inputTokens,
        outputTokens,
        cachedTokens,
        thoughtTokens,
        loadMs,
        prefillMs,
        decodeMs,
        Math.max(0, ms));
  }
}
