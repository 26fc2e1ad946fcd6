package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.Priority;
import java.time.Duration;

/**
 * Bounds of the queues.
 *
 * @param queuePerSlot how many may wait for a model per slot that serves it
 * @param interactiveWait longest expected wait with which one of any class but batch is let in;
 *     whoever is in waits until its own deadline (turns.md T-7)
 * @param batchWait the same for the batch class
 * @param startWait how long a server that cannot be reached is waited for before everybody who
 *     needs it is turned away
 */
public record AdmissionLimits(
    int queuePerSlot, Duration interactiveWait, Duration batchWait, Duration startWait) {
  /** How long the wait of one that comes with {@code leftMs} until its deadline may seem. */
  long longestExpectedMs(Priority priority, long leftMs) {
    // The answer needs time as well.
    return Math.min(
        (priority == Priority.BATCH ? batchWait : interactiveWait).toMillis(), leftMs / 2);
  }
}
