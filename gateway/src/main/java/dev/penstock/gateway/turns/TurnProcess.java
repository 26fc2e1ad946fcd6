package dev.penstock.gateway.turns;

import dev.penstock.gateway.store.TurnStore;
import dev.penstock.kit.drain.Drain;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all event loops of one gateway process share about turns: its id as their owner, those it
 * runs and follows, the log's writer and reader, the lease. Safe from any thread.
 */
public final class TurnProcess {
  /** What is left of a drain once unfinished turns are being interrupted. */
  private static final Duration LAST = Duration.ofMillis(1500);

  private final UUID instance = UUID.randomUUID();
  private final TurnRegistry registry = new TurnRegistry();
  private final List<Turns> loops = new CopyOnWriteArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final TurnsConfig config;
  private final Tracing tracing;
  private final Follower follower;
  private final Flusher flusher;
  private final Lease lease;
  private volatile @Nullable TurnLoop background;
  private volatile boolean draining;

  public TurnProcess(TurnsConfig config, Tracing tracing) {
    this.config = config;
    this.tracing = tracing;
    this.follower = new Follower(config);
    this.flusher = new Flusher(instance, registry);
    this.lease = new Lease(instance, registry, follower);
  }

  /**
   * The verticle that stores, follows and renews; one instance, deployed before those that serve.
   *
   * @param store makes the client of session-service for its loop
   */
  public VerticleBase background(Function<Vertx, TurnStore> store) {
    return new VerticleBase() {
      @Override
      public Future<?> start() {
        TurnProcess.this.start(new TurnLoop(vertx), store.apply(vertx));
        return Future.succeededFuture();
      }
    };
  }

  /** The id under which this process owns turns; another one with each start. */
  public UUID instance() {
    return instance;
  }

  /** Gateways whose lease runs, this one included; 1 until that is known. */
  public int liveGateways() {
    return lease.liveGateways();
  }

  /** Whether no new turn is taken any more. */
  public boolean isDraining() {
    return draining;
  }

  /** Registers what grows with load, and what waits. */
  public void register(Metrics metrics) {
    TurnGauges.register(metrics, registry, follower, flusher);
  }

  /**
   * Takes no new turn, lets running ones end until {@link Drain#GRACE}, then ends the rest as
   * interrupted with their text and gives the lease up; done before {@link Drain#LIMIT}.
   */
  public Future<Void> drain(Vertx vertx) {
    return drain(vertx, Drain.GRACE);
  }

  Future<Void> drain(Vertx vertx, Duration grace) {
    draining = true;
    lease.draining();
    return Drain.await(vertx, grace, this::open)
        .compose(
            _ -> {
              registry.all().forEach(each -> each.execute(each::interrupt));
              follower.sendAway(ReconnectReason.DRAIN);
              return Drain.await(vertx, LAST, this::open);
            })
        .compose(
            _ -> {
              registry.all().forEach(each -> each.feed().sendAway(ReconnectReason.DRAIN));
              return release();
            });
  }

  /** What waits for all readers of turns, in bytes. */
  public long buffered() {
    return loops.stream().mapToLong(Turns::buffered).sum();
  }

  /** The most of that which waits for one reader. */
  public int mostBuffered() {
    return loops.stream().mapToInt(Turns::mostBuffered).max().orElse(0);
  }

  TurnsConfig config() {
    return config;
  }

  Tracing tracing() {
    return tracing;
  }

  TurnRegistry registry() {
    return registry;
  }

  Follower follower() {
    return follower;
  }

  void add(Turns loop) {
    loops.add(loop);
  }

  private int open() {
    return registry.all().size() + follower.readers();
  }

  private void start(TurnLoop loop, TurnStore store) {
    background = loop;
    flusher.start(loop, store, config);
    follower.start(loop, store);
    lease.start(loop, store, config, id -> adopt(store, id));
  }

  /** Runs a turn that is this instance's and that nobody runs (T-21). */
  private void adopt(TurnStore store, UUID id) {
    if (registry.find(id) == null && !loops.isEmpty()) {
      var next = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
      store.assignment(id, instance).onSuccess(next::adopt);
    }
  }

  private Future<Void> release() {
    var loop = background;
    if (loop == null) {
      return Future.succeededFuture();
    }
    var released = Promise.<Void>promise();
    loop.execute(() -> lease.release().onComplete(released));
    return released.future().timeout(400, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
