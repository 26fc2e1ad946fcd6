package dev.penstock.proxy.generation;

import java.io.Serial;

/** Carries a {@link Setback} through a future; has no stack trace. */
public final class SetbackException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Setback setback;

  SetbackException(Setback setback) {
    super(setback.kind() + ": " + setback.failure().detail(), null, false, false);
    this.setback = setback;
  }

  /** What went wrong. */
  public Setback setback() {
    return setback;
  }

  /** The setback a failed future stands for; what nobody foresaw is an unreachable server. */
  public static Setback of(Throwable failure) {
    return failure instanceof SetbackException known ? known.setback : Setback.unreachable();
  }
}
