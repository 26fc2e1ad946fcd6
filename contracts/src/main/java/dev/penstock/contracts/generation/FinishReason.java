package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a completed answer ended. */
public enum FinishReason {
  @JsonProperty("stop")
  STOP,
  @JsonProperty("length")
  LENGTH,
  @JsonProperty("content_filter")
  CONTENT_FILTER,
  @JsonProperty("tool_calls")
  TOOL_CALLS
}
