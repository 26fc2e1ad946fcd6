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
  private long promptTokens;
  private long cachedTokens;
  private Instant expiresAt;
  private long expiryTimer = -1;

  Resident(SimulatedModel model, Slots slots, Duration keepAlive, Instant now) {
    this.model = model;
    this.slots = slots;
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

  /** Tokens of all prompts that were sent to a slot since it was loaded. */
  public long promptTokens() {
    return promptTokens;
  }

  /** Those of them that needed no reading. */
  public long cachedTokens() {
    return cachedTokens;
  }

  void prompted(int tokens, int cached) {
    promptTokens += tokens;
    cachedTokens += cached;
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
