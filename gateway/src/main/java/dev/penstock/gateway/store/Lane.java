package dev.penstock.gateway.store;

/**
 * Connections that never wait for each other: readers and writers of sessions, the token log, and
 * the lease, whose renewal must pass when the others are busy (turns.md T-20).
 */
public enum Lane {
  FOREGROUND,
  LOG,
  LEASE
}
