package dev.penstock.kit.drain;

import java.util.Optional;

/** Whether a service takes new work; shared by its verticles and safe from any thread. */
public final class Readiness {
  private volatile State state = State.STARTING;

  private enum State {
    STARTING,
    READY,
    DRAINING
  }

  /** The service has started. */
  public void ready() {
    state = State.READY;
  }

  /** From now on no new work is taken. */
  public void draining() {
    state = State.DRAINING;
  }

  /** Whether a drain has begun. */
  public boolean isDraining() {
    return state == State.DRAINING;
  }

  /** Why no new work is taken; empty when it is. */
  public Optional<String> notReady() {
    return switch (state) {
      case STARTING -> Optional.of("starting");
      case READY -> Optional.empty();
      case DRAINING -> Optional.of("draining");
    };
  }
}
