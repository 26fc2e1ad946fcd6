package dev.penstock.proxy.admission;

/** What a finished loan says about the upstream that lent the slot. */
public enum Verdict {
  /** It did what it was asked. */
  SERVED,
  /** It failed. */
  FAILED,
  /** Nothing: the caller left, or was at fault. */
  NONE
}
