package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.Priority;
import java.time.Duration;

/**
 * Bounds of the queues.
 *
 * @param queuePerSlot how many may wait for a model per slot that serves it
 * @param interactiveWait longest wait of every class but batch
 * @param batchWait longest wait of the batch class
 * @param startWait how long a server that cannot be reached is waited for before everybody who
 *     needs it is turned away
 */
public record AdmissionLimits(
    int queuePerSlot, Duration interactiveWait, Duration batchWait, Duration startWait) {
  long longestWaitMs(Priority priority) {
    return (priority == Priority.BATCH ? batchWait : interactiveWait).toMillis();
  }
}
