package dev.penstock.contracts.metric;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import java.util.Locale;

/** How a stream ended; the words of {@code chat_stream_end_total} are these in lower case. */
public enum StreamEnd {
  /** By the model's own end. */
  COMPLETE,
  /** By a limit of length. */
  LENGTH,
  /** By its client's request to stop. */
  CLIENT_CANCEL,
  /** Because nobody reads any more. */
  CLIENT_GONE,
  /** Because the model server failed. */
  UPSTREAM_ERROR,
  /** Because what we read from ended without its end marker. */
  TRUNCATED,
  /** By a time limit. */
  TIMEOUT,
  /** Because this instance shuts down. */
  DRAINED;

  /** How an answer ends that its model finished. */
  public static StreamEnd of(FinishReason reason) {
    return reason == FinishReason.LENGTH ? LENGTH : COMPLETE;
  }

  /** How an answer ends that broke. */
  public static StreamEnd of(FailureCode code) {
    return switch (code) {
      case UPSTREAM_TRUNCATED -> TRUNCATED;
      case UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED, QUEUE_TIMEOUT -> TIMEOUT;
      case DRAINING -> DRAINED;
      default -> UPSTREAM_ERROR;
    };
  }

  /** The word in the label. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
