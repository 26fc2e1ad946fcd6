package dev.penstock.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares of tenants inside a class (design section 7), against a plain walk around the ring. */
class RoundRobinTest {
  private static final List<String> TENANTS = List.of("a", "b", "c", "d", "e", "f");

  private final AtomicLong sequence = new AtomicLong();
  private final RoundRobin line = new RoundRobin(sequence::getAndIncrement);

  @Test
  void letsTenantsTakeTurnsAndKeepsTheOrderWithinEach() {
    var heavy = IntStream.range(0, 4).mapToObj(_ -> add("heavy")).toList();
    var light = add("light");
    var third = add("third");
    var again = add("light");

    assertThat(line.inOrder())
        .containsExactly(
            heavy.get(0), light, third, heavy.get(1), again, heavy.get(2), heavy.get(3));
  }

  @Test
  void putsATenantThatAsksAgainBehindThoseWhoHaveWaited() {
    add("a");
    var second = add("b");
    add("a");
    take(line.inOrder().getFirst());
    take(second);
    var again = add("b");

    assertThat(line.positionOf(again)).isEqualTo(2);
  }

  @Test
  void leavesATenantItsTurnWhenOneOfItsTicketsGivesUp() {
    var gone = add("a");
    var second = add("a");
    var other = add("b");
    var third = add("a");

    assertThat(line.remove(gone)).isTrue();

    assertThat(line.inOrder()).containsExactly(second, other, third);
    assertThat(line.remove(gone)).as("twice").isFalse();
  }

  /** What was lent a slot in vain goes first, and its tenant's next one is not held back for it. */
  @Test
  void letsGoFirstWhatWasPutBack() {
    var first = add("a");
    var other = add("b");
    var second = add("a");
    take(first);
    line.putBack(first);

    assertThat(line.inOrder()).containsExactly(first, other, second);
    assertThat(line.positionOf(first)).isEqualTo(1);
    assertThat(line.waitsSince(first)).isLessThan(line.waitsSince(other));
    take(first);

    assertThat(line.inOrder()).containsExactly(other, second);
  }

  @Test
  void passesOverWhomNoFreeUpstreamCanServe() {
    var picky = add("a");
    var next = add("a");
    var other = add("b");
    line.remove(picky);
    picky.failedAt.add("free");
    line.putBack(picky);

    assertThat(line.first("free"::equals)).isSameAs(next);
    assertThat(line.first("busy"::equals)).isSameAs(picky);
    assertThat(line.first("another"::equals)).isNull();
    take(next);

    assertThat(line.inOrder()).containsExactly(picky, other);
  }

  @Test
  void namesWhoeverWouldBeServedLast() {
    assertThat(line.last()).isNull();
    add("a");
    var last = add("a");
    add("b");

    assertThat(line.last()).isSameAs(last);
    line.remove(last);
    assertThat(line.last()).isSameAs(line.inOrder().getLast());
  }

  /**
   * Random arrivals, departures, grants and setbacks: the order is that of a ring of tenants, each
   * position is the place in it, and no other tenant is served twice while one waits.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void isARingOfTenantsWhateverHappens(long block) {
    for (var seed = block * 100; seed < block * 100 + 20; seed++) {
      var random = new Random(seed);
      var run = new RoundRobinTest();
      var ring = new Ring();
      for (var step = 0; step < 300; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2, 3 -> {
            // One tenant asks for most of it.
            var tenant = random.nextBoolean() ? "a" : TENANTS.get(random.nextInt(TENANTS.size()));
            ring.add(run.add(tenant));
          }
          case 4, 5 -> {
            var next = run.line.first(_ -> true);
            if (next != null) {
              run.take(next);
              ring.take(next);
              if (random.nextInt(6) == 0) {
                run.line.putBack(next);
                ring.returned.add(next);
                ring.returned.sort((a, b) -> Long.compare(a.number, b.number));
              }
            }
          }
          case 6 -> {
            var all = ring.order();
            if (!all.isEmpty()) {
              var any = all.get(random.nextInt(all.size()));
              run.line.remove(any);
              ring.remove(any);
            }
          }
          default -> {
            // An upstream that only some of those in front have failed at is free.
            var all = ring.order();
            if (all.size() > 2) {
              var any = all.get(random.nextInt(all.size()));
              run.take(any);
              ring.take(any);
            }
          }
        }
        check(run.line, ring.order(), seed);
      }
    }
  }

  private static void check(RoundRobin line, List<Ticket> expected, long seed) {
    // Not by assertThat, which would take most of the time of this test.
    if (!line.inOrder().equals(expected) || line.size() != expected.size()) {
      throw new AssertionError("seed " + seed + ": another order than the ring's");
    }
    for (var i = 0; i < expected.size(); i++) {
      if (line.positionOf(expected.get(i)) != i + 1) {
        throw new AssertionError("seed " + seed + ": position " + (i + 1) + " is told wrong");
      }
    }
    if (!expected.isEmpty() && line.last() != expected.getLast()) {
      throw new AssertionError("seed " + seed + ": another last one than the ring's");
    }
  }

  private Ticket add(String tenant) {
    var demand =
        new Demand(
            "m", List.of("free", "busy"), Priority.INTERACTIVE, tenant, null, Long.MAX_VALUE);
    var ticket = new Ticket(demand, NOBODY);
    ticket.number = sequence.getAndIncrement();
    line.add(ticket);
    return ticket;
  }

  private void take(Ticket ticket) {
    line.take(ticket);
  }

  /** The same, done the slow way: tenants in a ring, the next one first. */
  private static final class Ring {
    final LinkedHashMap<String, List<Ticket>> lines = new LinkedHashMap<>();
    final List<Ticket> returned = new ArrayList<>();
    // For each tenant that waits: whom it saw served since its own last turn.
    final Map<String, Set<String>> overtaking = new HashMap<>();

    void add(Ticket ticket) {
      lines.computeIfAbsent(ticket.demand.tenant(), _ -> new ArrayList<>()).add(ticket);
    }

    void remove(Ticket ticket) {
      if (!returned.remove(ticket)) {
        var line = lines.get(ticket.demand.tenant());
        if (line != null && line.remove(ticket) && line.isEmpty()) {
          lines.remove(ticket.demand.tenant());
          overtaking.remove(ticket.demand.tenant());
        }
      }
    }

    void take(Ticket ticket) {
      var early = order().getFirst() != ticket;
      if (returned.remove(ticket)) {
        return;
      }
      var tenant = ticket.demand.tenant();
      overtaking.remove(tenant);
      var line = lines.remove(tenant);
      for (var other : lines.keySet()) {
        var seen = overtaking.computeIfAbsent(other, _ -> new HashSet<>());
        if (!seen.add(tenant) && !early) {
          throw new AssertionError(tenant + " was served twice while " + other + " waited");
        }
      }
      if (line != null) {
        line.remove(ticket);
        if (!line.isEmpty()) {
          lines.put(tenant, line);
        }
      }
      if (early) {
        // Who was passed over because nobody could serve it starts to count anew.
        overtaking.clear();
      }
    }

    List<Ticket> order() {
      var order = new ArrayList<>(returned);
      for (var depth = 0; ; depth++) {
        var before = order.size();
        for (var line : lines.values()) {
          if (line.size() > depth) {
            order.add(line.get(depth));
          }
        }
        if (order.size() == before) {
          return order;
        }
      }
    }
  }

  private static final Applicant NOBODY =
      new Applicant() {
        @Override
        public void placed(QueuePlace place) {}

        @Override
        public void lent(String upstream) {}

        @Override
        public void refused(Failure failure) {}
      };
}
