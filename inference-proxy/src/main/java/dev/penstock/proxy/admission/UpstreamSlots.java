package dev.penstock.proxy.admission;

/** The slots of one upstream and its health. */
final class UpstreamSlots {
  private final String name;
  private final int total;
  private final boolean shared;
  private final UpstreamHealth health = new UpstreamHealth();
  // Written on the admission's context only; gauges read it from elsewhere.
  private volatile int lent;

  UpstreamSlots(String name, int total, boolean shared) {
    this.name = name;
    this.total = total;
    this.shared = shared;
  }

  String name() {
    return name;
  }

  int total() {
    return total;
  }

  int lent() {
    return lent;
  }

  /** Whether several servers stand behind it, so that a conversation's prefix may be anywhere. */
  boolean shared() {
    return shared;
  }

  UpstreamHealth health() {
    return health;
  }

  boolean available(long now) {
    return lent < total && health.takes(now, lent);
  }

  void lend() {
    if (lent >= total) {
      throw new IllegalStateException(name + " has no slot left to lend");
    }
    setLent(lent + 1);
  }

  void takeBack() {
    if (lent <= 0) {
      throw new IllegalStateException(name + " gets back a slot it has not lent");
    }
    setLent(lent - 1);
  }

  private void setLent(int value) {
    lent = value;
  }
}
