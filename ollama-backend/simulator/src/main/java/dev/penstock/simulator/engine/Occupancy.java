package dev.penstock.simulator.engine;

import java.util.concurrent.atomic.AtomicInteger;

/** How full the simulator is over all models. Written on its event loop, read from any thread. */
public final class Occupancy {
  final AtomicInteger slotsInUse = new AtomicInteger();
  final AtomicInteger waitingForSlot = new AtomicInteger();
  final AtomicInteger waitingForLoad = new AtomicInteger();

  /** Slots that generations hold. */
  public int slotsInUse() {
    return slotsInUse.get();
  }

  /** Generations that wait for a slot. */
  public int waitingForSlot() {
    return waitingForSlot.get();
  }

  /** Requests that wait for a load to begin. */
  public int waitingForLoad() {
    return waitingForLoad.get();
  }
}
