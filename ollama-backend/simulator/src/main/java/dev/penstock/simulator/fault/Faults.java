package dev.penstock.simulator.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The orders in force, oldest first. Confined to the simulator's event loop. */
public final class Faults {
  private static final int MOST = 1000;

  private final List<Pending> pending = new ArrayList<>();

  /** With the orders of the configuration. */
  public Faults(List<FaultOrder> orders) {
    orders.forEach(this::add);
  }

  /**
   * Puts an order in force, behind those there are.
   *
   * @throws IllegalStateException if there are 1,000 already
   */
  public void add(FaultOrder order) {
    if (pending.size() == MOST) {
      throw new IllegalStateException("there are " + MOST + " faults already");
    }
    pending.add(new Pending(order));
  }

  /** Forgets all orders; what has begun goes on. */
  public void clear() {
    pending.clear();
  }

  /** What the next generation of that model meets; each order counts down when it is taken. */
  public Optional<FaultOrder> take(String model) {
    for (var i = 0; i < pending.size(); i++) {
      var candidate = pending.get(i);
      if (candidate.meets(model)) {
        if (candidate.order.requests() != FaultOrder.ALL_REQUESTS && --candidate.left == 0) {
          pending.remove(i);
        }
        return Optional.of(candidate.order);
      }
    }
    return Optional.empty();
  }

  /** The orders in force, each with the number of requests it still meets. */
  public List<FaultOrder> inForce() {
    return pending.stream().map(Pending::remaining).toList();
  }

  private static final class Pending {
    private final FaultOrder order;
    private int left;

    Pending(FaultOrder order) {
      this.order = order;
      this.left = order.requests();
    }

    boolean meets(String model) {
      var wanted = order.model();
      return wanted == null
          || wanted.toLowerCase(Locale.ROOT).equals(model.toLowerCase(Locale.ROOT));
    }

    FaultOrder remaining() {
      return new FaultOrder(order.fault(), order.afterTokens(), left, order.model());
    }
  }
}
