package dev.penstock.proxy.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of one class: tenants take turns, first come first served within a tenant. A tenant
 * that joins, or has been served, is behind all others; so whoever waits is passed over by each
 * other tenant at most once before its next turn. Tickets that were put back go first: their turn
 * was taken already.
 *
 * <p>What would be a walk around the ring of tenants is a place in a sorted set. Turns are counted
 * in rounds; a tenant with <i>n</i> tickets holds its next <i>n</i> turns, one in each round from
 * its own next one on. In every round but the present one, those who had their turn of the present
 * round (or joined in it) come before those who still have it. Being served moves a tenant from the
 * head of the latter to the end of the former, which moves none of its later turns: ranks are
 * places in the line.
 */
final class RoundRobin {
  private static final Comparator<Ticket> BY_ARRIVAL =
      Comparator.comparingLong(each -> each.number);
  private static final Comparator<Turn> BY_TURN =
      Comparator.comparingLong(Turn::round)
          .thenComparing(Turn::line, Comparator.comparingLong((Line line) -> -line.round))
          .thenComparing(Turn::line, Comparator.comparingLong(line -> line.since));

  private final Map<String, Line> lines = new HashMap<>();
  private final RankedSet<Turn> turns = new RankedSet<>(BY_TURN);
  private final RankedSet<Ticket> putBack = new RankedSet<>(BY_ARRIVAL);
  // How many tickets could use a slot of each upstream.
  private final Map<String, Integer> wanted = new HashMap<>();
  private final LongSupplier sequence;
  private long round;

  /** The tickets of one tenant; {@code round} is that of its next turn. */
  private static final class Line {
    final RankedSet<Ticket> tickets = new RankedSet<>(BY_ARRIVAL);
    long round;
    long since;
  }

  private record Turn(long round, Line line) {}

  /**
   * An empty one.
   *
   * @param sequence rising numbers, shared by all whose tickets compete
   */
  RoundRobin(LongSupplier sequence) {
    this.sequence = sequence;
  }

  int size() {
    return putBack.size() + turns.size();
  }

  /** Behind all others of its tenant. */
  void add(Ticket ticket) {
    var line = lines.computeIfAbsent(ticket.demand.tenant(), _ -> behindAll(new Line()));
    turns.add(new Turn(line.round + line.tickets.size(), line));
    line.tickets.add(ticket);
    want(ticket, 1);
  }

  /** Before all that were never served. */
  void putBack(Ticket ticket) {
    putBack.add(ticket);
    want(ticket, 1);
  }

  /** Takes a ticket out that gave up: its tenant has one turn less, but keeps its next one. */
  boolean remove(Ticket ticket) {
    var line = lines.get(ticket.demand.tenant());
    if (!putBack.remove(ticket)) {
      if (line == null || !line.tickets.remove(ticket)) {
        return false;
      }
      turns.remove(new Turn(line.round + line.tickets.size(), line));
      forgetIfEmpty(ticket.demand.tenant(), line);
    }
    want(ticket, -1);
    return true;
  }

  /** Takes a ticket out that is served: its tenant has had its turn. */
  void take(Ticket ticket) {
    var line = lines.get(ticket.demand.tenant());
    if (!putBack.remove(ticket)) {
      if (line == null || !line.tickets.remove(ticket)) {
        throw new IllegalStateException("the ticket is not in this line");
      }
      if (turns.get(0).line() == line) {
        turns.remove(new Turn(line.round, line));
        round = line.round;
        behindAll(line);
      } else {
        servedEarly(line);
      }
      forgetIfEmpty(ticket.demand.tenant(), line);
    }
    want(ticket, -1);
  }

  /**
   * The first in line that a free upstream can serve. Looks at none if there is none; those before
   * it are the few that have failed elsewhere.
   */
  @Nullable Ticket first(Predicate<String> free) {
    if (wanted.keySet().stream().noneMatch(free)) {
      return null;
    }
    var line = iterator();
    while (line.hasNext()) {
      var ticket = line.next();
      if (ticket.accepts(free)) {
        return ticket;
      }
    }
    return null;
  }

  /** Who would be served last of all; null if nobody waits. */
  @Nullable Ticket last() {
    if (turns.size() == 0) {
      return putBack.size() == 0 ? null : putBack.get(putBack.size() - 1);
    }
    var last = turns.get(turns.size() - 1).line().tickets;
    return last.get(last.size() - 1);
  }

  /** 1 for the next one. */
  int positionOf(Ticket ticket) {
    if (wasPutBack(ticket)) {
      return putBack.rank(ticket) + 1;
    }
    var line = lines.get(ticket.demand.tenant());
    if (line == null) {
      throw new IllegalStateException("the ticket is not in this line");
    }
    return putBack.size() + turns.rank(new Turn(line.round + line.tickets.rank(ticket), line)) + 1;
  }

  /**
   * Since when a ticket's tenant waits for its turn, on the common sequence; tickets that were put
   * back are before all of them.
   */
  long waitsSince(Ticket ticket) {
    var line = lines.get(ticket.demand.tenant());
    return line == null || wasPutBack(ticket) ? Long.MIN_VALUE : line.since;
  }

  private boolean wasPutBack(Ticket ticket) {
    var rank = putBack.rank(ticket);
    return rank < putBack.size() && putBack.get(rank) == ticket;
  }

  /** All tickets, the next one first. */
  List<Ticket> inOrder() {
    var tickets = new ArrayList<Ticket>(size());
    iterator().forEachRemaining(tickets::add);
    return tickets;
  }

  private Iterator<Ticket> iterator() {
    var first = putBack.iterator();
    var then = turns.iterator();
    var tenants = new HashMap<Line, Iterator<Ticket>>();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return first.hasNext() || then.hasNext();
      }

      @Override
      public Ticket next() {
        return first.hasNext()
            ? first.next()
            : tenants.computeIfAbsent(then.next().line(), line -> line.tickets.iterator()).next();
      }
    };
  }

  /** The last to have its turn in the round that comes. */
  private Line behindAll(Line line) {
    line.round = round + 1;
    line.since = sequence.getAsLong();
    return line;
  }

  /** Somebody is before it whom no upstream can serve now, so all its turns move. */
  private void servedEarly(Line line) {
    for (var i = 0; i <= line.tickets.size(); i++) {
      turns.remove(new Turn(line.round + i, line));
    }
    behindAll(line);
    for (var i = 0; i < line.tickets.size(); i++) {
      turns.add(new Turn(line.round + i, line));
    }
  }

  private void forgetIfEmpty(String tenant, Line line) {
    if (line.tickets.size() == 0) {
      lines.remove(tenant);
    }
  }

  private void want(Ticket ticket, int by) {
    for (var upstream : ticket.demand.upstreams()) {
      if (!ticket.failedAt.contains(upstream)) {
        wanted.merge(upstream, by, (a, b) -> a + b == 0 ? null : a + b);
      }
    }
  }
}
