package dev.penstock.proxy.admission;

/** Whether a slot was lent by the server that holds the conversation's prefix. */
public enum AffinityResult {
  /** It was. */
  HIT,
  /** That server had no slot free. */
  MISS,
  /** That server is down: another one will hold the prefix from now on. */
  REPIN,
  /** No server holds it: there is no conversation, or several servers share the address. */
  NONE
}
