package dev.penstock.contracts.failure;

import java.io.Serial;

/** Carries a {@link Failure} through a future; has no stack trace, since the value says it all. */
public final class FailureException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  FailureException(Failure failure) {
    super(failure.code() + ": " + failure.detail(), null, false, false);
    this.failure = failure;
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }
}
