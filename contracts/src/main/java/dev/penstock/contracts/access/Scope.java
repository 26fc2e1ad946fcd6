package dev.penstock.contracts.access;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A group of routes that a credential opens. */
public enum Scope {
  /** Asking models, in any dialect, and seeing which there are. */
  @JsonProperty("chat")
  CHAT,
  /** Kept conversations: reading, changing and deleting them, and turns in them. */
  @JsonProperty("sessions")
  SESSIONS,
  /** What the tenant's keys have used. */
  @JsonProperty("admin")
  ADMIN
}
