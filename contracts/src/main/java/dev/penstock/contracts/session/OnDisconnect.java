package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a turn when its last reader has left. */
public enum OnDisconnect {
  @JsonProperty("continue")
  CONTINUE,
  @JsonProperty("cancel")
  CANCEL
}
