package dev.penstock.proxy.relay;

/** What a {@link RelayLoop} keeps an eye on. */
interface Relayed {
  /** Called ten times a second; {@code now} is {@link RelayLoop#now()}. */
  void tick(long now);

  /** The process ends: whoever asked goes on elsewhere (turns.md T-26). */
  void drain();
}
