package dev.penstock.gateway.turns;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Finish;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Commits the end of an attempt, however often that takes until the turn's deadline (turns.md T-13
 * to T-15). What it sends never changes. Confined to the owner's loop.
 */
final class Completion {
  private static final System.Logger LOG = System.getLogger(Completion.class.getName());

  /** A finish is tried for so long even where the deadline is the reason for it. */
  private static final Duration LEAST = Duration.ofMinutes(1);

  private static final int MAX_PAUSE_TICKS = TurnLoop.ticks(Duration.ofSeconds(4));

  private final OwnerLoop owner;
  private final Span span;
  private final UUID turn;
  private final Finish finish;
  private final TurnClock clock;
  private final TurnFeed feed;
  private final Consumer<Optional<Finish.Result>> done;
  private final long beganNanos = System.nanoTime();

  private boolean asking;
  private int pauseTicks = 1;
  private int nextTick;

  /**
   * @param span of the attempt that ends
   * @param done gets the answer, once; empty if there was none in all that time
   */
  Completion(
      OwnerLoop owner,
      Span span,
      UUID turn,
      Finish finish,
      TurnClock clock,
      TurnFeed feed,
      Consumer<Optional<Finish.Result>> done) {
    this.owner = owner;
    this.span = span;
    this.turn = turn;
    this.finish = finish;
    this.clock = clock;
    this.feed = feed;
    this.done = done;
  }

  void begin() {
    asking = true;
    owner.store().finish(span, turn, finish).onComplete(this::answered);
  }

  /** Tries again when it is time, and lets readers go that have waited long enough. */
  void sweep(int tick) {
    if (sinceBegun().compareTo(owner.config().uncommitted()) >= 0) {
      feed.sendAway(ReconnectReason.STORE_UNAVAILABLE);
    }
    if (!asking && tick >= nextTick) {
      begin();
    }
  }

  private void answered(AsyncResult<Finish.Result> answer) {
    asking = false;
    if (answer.succeeded()) {
      done.accept(Optional.of(answer.result()));
    } else if (isGone(answer.cause())) {
      done.accept(Optional.of(new Finish.Result.Fenced()));
    } else if (clock.isPast() && sinceBegun().compareTo(LEAST) >= 0) {
      LOG.log(ERROR, "turn " + turn + " could not be finished", answer.cause());
      done.accept(Optional.empty());
    } else {
      if (pauseTicks == 1) {
        LOG.log(WARNING, "turn " + turn + " is not finished yet: " + answer.cause());
      }
      nextTick = owner.loop().tick() + pauseTicks;
      pauseTicks = Math.min(2 * pauseTicks, MAX_PAUSE_TICKS);
    }
  }

  private Duration sinceBegun() {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  private static boolean isGone(Throwable cause) {
    return cause instanceof FailureException known
        && known.failure().code() == FailureCode.NOT_FOUND;
  }
}
