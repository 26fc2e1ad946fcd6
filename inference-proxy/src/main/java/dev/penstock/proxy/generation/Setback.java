package dev.penstock.proxy.generation;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;

/**
 * Why an upstream did not do what it was asked, and what that says about the upstream.
 *
 * @param failure what the caller is told if nobody else can help
 */
public record Setback(Kind kind, Failure failure) {
  /** What may be done about a setback before the first delta. */
  public enum Kind {
    /** The server has no room now: back to the head of the queue. */
    NO_SLOT,
    /** The server cannot be reached: another one, or none. */
    UNREACHABLE,
    /**
     * The connection ended before an answer began, as a kept one may: any server, even the same.
     */
    LOST,
    /** The server failed: another one. */
    FAILED,
    /** The request itself is refused, as every server would: nobody. */
    REJECTED
  }

  /** The server has no room now. */
  public static Setback noSlot() {
    return new Setback(
        Kind.NO_SLOT,
        Failure.of(FailureCode.NO_CAPACITY, "The model server is busy; try again soon."));
  }

  /** The server cannot be reached. */
  public static Setback unreachable() {
    return new Setback(
        Kind.UNREACHABLE,
        Failure.of(FailureCode.NO_CAPACITY, "No model server can be reached; try again soon."));
  }

  /** The connection ended before an answer began. */
  public static Setback lost() {
    return new Setback(
        Kind.LOST,
        Failure.of(
            FailureCode.UPSTREAM_FAILED,
            "The model server closed the connection before it answered; try again."));
  }

  /** The server failed in the way {@code code} says. */
  public static Setback failed(FailureCode code, String detail) {
    return new Setback(Kind.FAILED, Failure.of(code, detail));
  }

  /** The request is refused in the way {@code code} says. */
  public static Setback rejected(FailureCode code, String detail) {
    return new Setback(Kind.REJECTED, Failure.of(code, detail));
  }

  /** This setback as an exception, for a future to carry. */
  public SetbackException asException() {
    return new SetbackException(this);
  }
}
