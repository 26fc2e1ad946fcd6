package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.QueuePlace;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One generation's place with the {@link Admission}: waiting, lent one slot, or out. Only the
 * admission changes it.
 */
final class Ticket {
  /** Where a ticket is. */
  enum State {
    NEW,
    WAITING,
    LENT,
    OUT
  }

  final Demand demand;
  final Applicant applicant;

  /** Upstreams that failed this ticket and are not asked again. */
  final Set<String> failedAt = new HashSet<>(2);

  State state = State.NEW;
  long number;
  long waitsUntil;
  long lentAt;
  @Nullable UpstreamSlots lender;
  @Nullable QueuePlace told;
  long toldAt = Long.MIN_VALUE / 2;

  Ticket(Demand demand, Applicant applicant) {
    this.demand = demand;
    this.applicant = applicant;
  }
}
