package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a completed answer ended. */
public enum FinishReason {
  /** Its own end or a stop string. */
  @JsonProperty("stop")
  STOP,
  /** {@code max_tokens} or the context's end. */
  @JsonProperty("length")
  LENGTH,
  /** The upstream withheld the rest, or all of it: safety, recitation, a blocked prompt. */
  @JsonProperty("content_filter")
  CONTENT_FILTER,
  /** Tools were called, whatever the upstream itself calls this end. */
  @JsonProperty("tool_calls")
  TOOL_CALLS
}
