package dev.penstock.contracts.generation;

/**
 * A place in the queue.
 *
 * @param position 1 is next
 * @param expectedWaitMs estimate in milliseconds
 */
public record QueuePlace(QueueReason reason, int position, long expectedWaitMs) {}
