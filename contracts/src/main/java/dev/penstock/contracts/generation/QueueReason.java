package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a queued generation waits for. */
public enum QueueReason {
  @JsonProperty("slots")
  SLOTS,
  /** The model is being loaded into a running server. */
  @JsonProperty("loading")
  LOADING,
  /** A server is starting. */
  @JsonProperty("starting")
  STARTING
}
