package dev.penstock.proxy.admission;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.QueuePlace;

/** Hears what becomes of its {@link Ticket}. Called on the admission's context. */
interface Applicant {
  /** It waits; told at once and whenever it changes, at most twice a second. */
  void placed(QueuePlace place);

  /**
   * A slot of {@code upstream} is lent until {@link Admission#leave} or {@link Admission#again}.
   */
  void lent(String upstream);

  /** It is turned away; nothing follows. */
  void refused(Failure failure);
}
