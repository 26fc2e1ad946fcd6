package dev.penstock.simulator.wire;

/** Why an answer ended; on the wire in lower case. */
public enum DoneReason {
  STOP("stop"),
  LENGTH("length"),
  LOAD("load"),
  UNLOAD("unload");

  private final String wire;

  DoneReason(String wire) {
    this.wire = wire;
  }

  /** {@code done_reason}. */
  String wire() {
    return wire;
  }
}
