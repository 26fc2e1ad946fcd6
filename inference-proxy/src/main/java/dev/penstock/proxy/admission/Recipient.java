package dev.penstock.proxy.admission;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.QueuePlace;

/**
 * Hears what becomes of its {@link Application}: any {@code placed}, then one {@code granted} or
 * {@code refused}; the same again after {@link Application#again}. Called on its own event loop.
 */
public interface Recipient {
  /** It waits. */
  void placed(QueuePlace place);

  /** It holds a slot, until it says {@code leave} or {@code again}. */
  void granted(Grant grant);

  /** It is turned away; nothing follows. */
  void refused(Failure failure);
}
