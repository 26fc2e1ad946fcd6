package dev.penstock.simulator.engine;

import dev.penstock.simulator.catalog.SimulatedModel;
import java.time.Duration;
import java.time.Instant;

/** A model in memory, with its slots. Confined to one event loop. */
public final class Resident {
  private final SimulatedModel model;
  private final Slots slots;
  private Duration keepAlive;
  private int users;
  private Instant expiresAt;
  private long expiryTimer = -1;

  Resident(SimulatedModel model, int slots, Occupancy occupancy, Duration keepAlive, Instant now) {
    this.model = model;
    this.slots = new Slots(slots, occupancy);
    this.keepAlive = keepAlive;
    this.expiresAt = now.plus(keepAlive);
  }

  /** What is loaded. */
  public SimulatedModel model() {
    return model;
  }

  /** When it is unloaded if nothing more is asked of it. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /** Generations it can run at once. */
  public int slotCount() {
    return slots.count();
  }

  /** Generations it runs. */
  public int slotsInUse() {
    return slots.inUse();
  }

  /** Generations that wait for a slot. */
  public int waiting() {
    return slots.waiting();
  }

  Slots slots() {
    return slots;
  }

  void use() {
    users++;
  }

  /** Whether that was the last user. */
  boolean leave() {
    return --users == 0;
  }

  boolean idle() {
    return users == 0;
  }

  Duration keepAlive() {
    return keepAlive;
  }

  /** The last request that names a value sets it for everyone (ollama-api.md section 8). */
  void keepAlive(Duration value, Instant now) {
    keepAlive = value;
    expiresAt = now.plus(value);
  }

  void restFrom(Instant now, long timer) {
    expiresAt = now.plus(keepAlive);
    expiryTimer = timer;
  }

  /** The timer that would unload it, or -1; it is the caller's to stop. */
  long takeTimer() {
    var timer = expiryTimer;
    expiryTimer = -1;
    return timer;
  }
}
