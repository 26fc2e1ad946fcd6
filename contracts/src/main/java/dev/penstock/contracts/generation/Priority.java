package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Class of a waiting generation, the most urgent first. */
public enum Priority {
  /** A taken-over turn whose readers already wait. */
  @JsonProperty("continuation")
  CONTINUATION,
  @JsonProperty("interactive")
  INTERACTIVE,
  @JsonProperty("default")
  DEFAULT,
  @JsonProperty("batch")
  BATCH
}
