package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.QueuePlace;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
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

  /** Upstreams that failed this ticket and are not asked again. Not changed while it waits. */
  final Set<String> failedAt = new HashSet<>(2);

  /** Upstreams that ended this ticket's connection once. */
  final Set<String> lostAt = new HashSet<>(2);

  State state = State.NEW;
  long number;

  /** Length of what waits with it. */
  int promptChars;

  /** Of the last loan. */
  AffinityResult affinity = AffinityResult.NONE;

  /** Since when its slot does its work and not somebody's load. */
  long heldSince;

  @Nullable UpstreamSlots lender;
  @Nullable QueuePlace told;
  long toldAt = Long.MIN_VALUE / 2;

  Ticket(Demand demand, Applicant applicant) {
    this.demand = demand;
    this.applicant = applicant;
  }

  /** Whether one of the upstreams that are free may serve it. */
  boolean accepts(Predicate<String> free) {
    for (var upstream : demand.upstreams()) {
      if (!failedAt.contains(upstream) && free.test(upstream)) {
        return true;
      }
    }
    return false;
  }
}
