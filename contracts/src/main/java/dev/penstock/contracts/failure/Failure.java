package dev.penstock.contracts.failure;

import org.jspecify.annotations.Nullable;

/**
 * One failure as a value.
 *
 * @param detail one sentence for the caller that says what to do; never an exception's text, an SQL
 *     message or an upstream's host name
 * @param retryable whether the same request may succeed later
 * @param retryAfterMs when it may, in milliseconds from now (at most 30 000); null if unknown
 */
public record Failure(
    FailureCode code, String detail, boolean retryable, @Nullable Long retryAfterMs) {

  /** A failure with its code's own retryability and no waiting time. */
  public static Failure of(FailureCode code, String detail) {
    return new Failure(code, detail, code.retryable(), null);
  }

  /** A failure worth trying again after {@code retryAfterMs}. */
  public static Failure retryAfter(FailureCode code, String detail, long retryAfterMs) {
    return new Failure(code, detail, true, retryAfterMs);
  }

  /** This failure as an exception, for a future to carry to the edge. */
  public FailureException asException() {
    return new FailureException(this);
  }
}
