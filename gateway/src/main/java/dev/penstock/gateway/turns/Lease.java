package dev.penstock.gateway.turns;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.session.Renewal;
import dev.penstock.gateway.store.TurnStore;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this instance's lease and hears with each renewal what became of its turns (turns.md T-20,
 * T-21). One per process, confined to the background loop.
 */
final class Lease {
  private static final System.Logger LOG = System.getLogger(Lease.class.getName());

  private final UUID instance;
  private final TurnRegistry registry;
  private final Follower follower;
  private @Nullable TurnStore store;
  private @Nullable Consumer<UUID> starter;
  private @Nullable TurnLoop loop;
  private long timer;
  private boolean asking;
  private boolean failing;
  private volatile boolean draining;
  private volatile int liveGateways = 1;

  Lease(UUID instance, TurnRegistry registry, Follower follower) {
    this.instance = instance;
    this.registry = registry;
    this.follower = follower;
  }

  /**
   * Takes the lease and keeps it. Call on the background loop.
   *
   * @param starter runs a turn this instance owns and does not run
   */
  void start(TurnLoop background, TurnStore store, TurnsConfig config, Consumer<UUID> starter) {
    this.store = store;
    this.starter = starter;
    loop = background;
    timer = background.vertx().setPeriodic(0, config.renewEvery().toMillis(), _ -> renew());
  }

  /** Instances whose lease runs, this one included. Safe from any thread. */
  int liveGateways() {
    return liveGateways;
  }

  /** From the next renewal on no turn is given to this instance. Safe from any thread. */
  void draining() {
    draining = true;
  }

  /** Gives the lease up. Call on the background loop. */
  Future<Void> release() {
    if (store == null || loop == null) {
      return Future.succeededFuture();
    }
    loop.vertx().cancelTimer(timer);
    return store.release(instance);
  }

  private void renew() {
    if (asking || store == null) {
      return;
    }
    asking = true;
    var running =
        registry.all().stream().filter(turn -> !turn.isOver()).map(OwnedTurn::id).toList();
    store
        .renew(instance, new Renewal(running, follower.following(), draining))
        .onComplete(this::renewed);
  }

  private void renewed(AsyncResult<Renewal.Result> answer) {
    asking = false;
    if (answer.failed()) {
      if (!failing) {
        LOG.log(WARNING, "the lease cannot be renewed: " + answer.cause());
      }
      failing = true;
      return;
    }
    failing = false;
    var result = answer.result();
    liveGateways = Math.max(1, result.liveGateways());
    result.lost().forEach(id -> tell(id, OwnedTurn::lost));
    result.cancel().forEach(id -> tell(id, OwnedTurn::cancel));
    var followed = new HashSet<>(result.followed());
    registry.all().forEach(turn -> turn.followedElsewhere(followed.contains(turn.id())));
    if (starter != null && !draining) {
      result.start().forEach(starter);
    }
  }

  private void tell(UUID id, Consumer<OwnedTurn> what) {
    var turn = registry.find(id);
    if (turn != null) {
      turn.execute(() -> what.accept(turn));
    }
  }
}
