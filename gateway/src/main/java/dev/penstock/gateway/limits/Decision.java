package dev.penstock.gateway.limits;

import dev.penstock.contracts.failure.Failure;

/** Whether a request is within its caller's limits. */
public sealed interface Decision {
  /** It is: what it takes is taken, and {@code grant} gives it back. */
  record Granted(Grant grant) implements Decision {}

  /** It is not, nothing is taken; {@code failure} is {@code rate_limited}. */
  record Refused(Failure failure) implements Decision {}
}
