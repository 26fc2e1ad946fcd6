package dev.penstock.proxy.generation;

/**
 * What a loaded model can do.
 *
 * @param continues it goes on with a trailing assistant message (turns.md T-24)
 * @param thinks it can think before it answers
 */
public record ModelTraits(boolean continues, boolean thinks) {}
