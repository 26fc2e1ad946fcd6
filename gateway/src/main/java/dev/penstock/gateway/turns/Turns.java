package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Position;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.limits.Admission;
import dev.penstock.gateway.limits.Decision;
import dev.penstock.gateway.limits.Grant;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.gateway.metrics.LoopMeter;
import dev.penstock.gateway.metrics.StreamMeter;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.store.TurnStore;
import dev.penstock.kit.trace.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stored turns as the routes of one event loop use them. Confined to that loop. */
public final class Turns {
  private static final Duration BUSY_PAUSE = Duration.ofMillis(100);
  private static final Duration ACCEPT_AGAIN = Duration.ofSeconds(2);
  private static final Duration REFUSAL_HOLD = Duration.ofSeconds(5);
  private static final Duration READY = Duration.ofSeconds(5);

  private final TurnProcess process;
  private final Vertx vertx;
  private final TurnStore store;
  private final TurnLoop loop;
  private final OwnerLoop owner;
  private final LoopMeter meter;

  /** Call on the loop, which {@code meter} is of. */
  public Turns(
      TurnProcess process,
      Vertx vertx,
      TurnStore store,
      Admission admission,
      Models models,
      LoopMeter meter) {
    this.meter = meter;
    this.process = process;
    this.vertx = vertx;
    this.store = store;
    this.loop = new TurnLoop(vertx);
    this.owner =
        new OwnerLoop(
            loop,
            process.config(),
            process.instance(),
            store,
            admission,
            models,
            process.registry(),
            process.follower(),
            meter);
    process.add(this);
  }

  /** The id under which this process owns turns. */
  public UUID instance() {
    return process.instance();
  }

  /**
   * Accepts a turn and starts it. An accept whose answer was lost is repeated under its key
   * (turns.md T-5), one that meets a busy session and interrupts it too (T-35).
   *
   * @param dialect in which it is asked for
   * @return fails with what session-service refuses, {@code turn_in_progress} (naming the turn),
   *     {@code draining}, {@code no_capacity}, {@code rate_limited}
   */
  public Future<Begun> begin(Caller caller, Accept accept, Dialect dialect) {
    if (process.isDraining()) {
      return refused(FailureCode.DRAINING, "This instance is shutting down; try again.");
    }
    if (process.registry().all().size() >= process.config().maxTurns()) {
      return refused(
          FailureCode.NO_CAPACITY, "This instance runs all the turns it can; try again.");
    }
    return switch (owner.admission().admit(caller, accept)) {
      case Decision.Refused(var why) -> repeated(caller, accept, dialect, why);
      case Decision.Granted(var grant) -> begin(caller, grant, accept, dialect);
    };
  }

  /** What may begin nothing new may still follow what its key began (T-5). */
  private Future<Begun> repeated(Caller caller, Accept accept, Dialect dialect, Failure refusal) {
    return IdempotencyKey.isClients(accept.clientKey())
        ? begin(caller, owner.admission().none(caller), accept.refusedWith(refusal), dialect)
        : Future.failedFuture(refusal.asException());
  }

  private Future<Begun> begin(Caller caller, Grant grant, Accept accept, Dialect dialect) {
    var span = TurnSpan.begin(process.tracing(), caller.span());
    var traced = accept.tracedAs(TraceContext.text(span)).answeredBy(caller.rights().models());
    return accept(new Asked(caller.within(span), grant, traced, dialect, System.nanoTime()))
        .onSuccess(
            begun -> {
              if (begun instanceof Begun.Existing existing) {
                TurnSpan.replayed(span, existing.turn());
              }
            })
        .onFailure(cause -> TurnSpan.refused(span, cause))
        .onComplete(
            begun -> {
              // What runs has it now, and gives it back itself.
              if (!(begun.result() instanceof Begun.Running)) {
                grant.giveBack();
              }
            });
  }

  private static Future<Begun> refused(FailureCode code, String detail) {
    return Future.failedFuture(Failure.retryAfter(code, detail, 1000).asException());
  }

  /** One request for a turn; {@code grant} is its turn's, if one runs. */
  private record Asked(
      Caller caller, Grant grant, Accept accept, Dialect dialect, long sinceNanos) {}

  private Future<Begun> accept(Asked asked) {
    return store
        .accept(asked.caller(), asked.accept())
        .compose(
            result -> accepted(asked, result),
            cause ->
                isUnavailable(cause) && within(asked.sinceNanos(), ACCEPT_AGAIN)
                    ? after(BUSY_PAUSE).compose(_ -> accept(asked))
                    : Future.failedFuture(cause));
  }

  private Future<Begun> accepted(Asked asked, Accept.Result result) {
    return switch (result) {
      case Accept.Result.Accepted(var assignment, var replayed) -> {
        var budget = Duration.ofMillis(asked.accept().terms().deadlineMs());
        var run =
            run(
                new OwnedTurn(
                    owner, assignment, asked.caller(), asked.grant(), asked.dialect(), budget));
        yield Future.succeededFuture(
            new Begun.Running(assignment.turn(), replayed, run.feed(), door(run)));
      }
      case Accept.Result.Existing(var turn) -> existing(turn);
      case Accept.Result.Busy(var busy) -> busy(asked, busy);
      case Accept.Result.Refused(var failure) -> Future.failedFuture(failure.asException());
    };
  }

  private OwnedTurn run(OwnedTurn turn) {
    var registered = process.registry().register(turn);
    if (registered == turn) {
      turn.begin();
    } else {
      turn.notBegun();
    }
    return registered;
  }

  /** A turn of ours that nobody runs was accepted by an accept whose answer was lost. */
  private Future<Begun> existing(Turn turn) {
    var run = process.registry().find(turn.id());
    if (run != null && run.attempt() == turn.attempt()) {
      return Future.succeededFuture(new Begun.Existing(turn, door(run)));
    }
    var existing = new Begun.Existing(turn, Future.succeededFuture(Optional.empty()));
    return process.instance().equals(turn.owner()) && !turn.state().isFinal()
        ? store
            .assignment(turn.id(), process.instance())
            .onSuccess(this::adopt)
            .transform(_ -> Future.succeededFuture(existing))
        : Future.succeededFuture(existing);
  }

  /** Runs a turn this process was found to own. Safe from any thread. */
  void adopt(Accept.Assignment assignment) {
    var turn = assignment.turn();
    // The store's clock and ours may differ; what lies between its own two times does not.
    var most = Duration.between(turn.createdAt(), turn.deadline());
    var left = Duration.between(Instant.now(), turn.deadline());
    var budget = left.compareTo(most) < 0 ? left : most;
    loop.execute(
        () -> {
          var span = TurnSpan.goOn(process.tracing(), turn);
          var caller = new Caller(assignment.tenant(), assignment.person()).within(span);
          var grant = owner.admission().takeOver(caller);
          run(new OwnedTurn(owner, assignment, caller, grant, Dialect.NATIVE, budget));
        });
  }

  private Future<Begun> busy(Asked asked, UUID busy) {
    var interrupts = asked.accept().terms().onBusy() == Accept.OnBusy.INTERRUPT;
    if (interrupts && within(asked.sinceNanos(), process.config().busyFor())) {
      cancelHere(busy, meter.now());
      return after(BUSY_PAUSE).compose(_ -> accept(asked));
    }
    return Future.failedFuture(
        Problems.about(
            Failure.of(
                FailureCode.TURN_IN_PROGRESS,
                "The session answers another turn; wait for it, cancel it, or interrupt it."),
            busy));
  }

  /** When the status line is due: the proxy's first word, at most as long as configured. */
  private Future<Optional<Failure>> door(OwnedTurn turn) {
    var word = turn.firstWord();
    if (word.isComplete()) {
      return word;
    }
    var door = Promise.<Optional<Failure>>promise();
    // The turn may live on another loop than this request.
    word.onSuccess(refusal -> loop.execute(() -> door.tryComplete(refusal)));
    vertx.setTimer(
        process.config().hold().toMillis(),
        _ -> {
          if (!turn.isBeingRefused()) {
            door.tryComplete(Optional.empty());
          } else {
            vertx.setTimer(REFUSAL_HOLD.toMillis(), _ -> door.tryComplete(Optional.empty()));
          }
        });
    return door.future();
  }

  /**
   * The feed of a turn, ready to be read: of this process where it runs it, else from the log.
   *
   * @param turn as {@code caller} sees it
   * @return fails with {@code store_unavailable}
   */
  public Future<TurnFeed> open(Caller caller, Turn turn) {
    var owned = process.registry().find(turn.id());
    if (owned != null && owned.attempt() >= turn.attempt()) {
      return Future.succeededFuture(owned.feed());
    }
    var wait =
        new FeedWait(
            loop,
            process.follower().follow(caller, turn),
            feed -> feed.edition() != null || feed.sendAway() != null);
    if (wait.future().isComplete()) {
      return wait.future();
    }
    var ready = Promise.<TurnFeed>promise();
    var timer =
        vertx.setTimer(
            READY.toMillis(),
            _ -> {
              wait.abandon();
              ready.tryFail(
                  Failure.retryAfter(
                          FailureCode.STORE_UNAVAILABLE,
                          "The turn's events cannot be read now; try again.",
                          2000)
                      .asException());
            });
    wait.future()
        .onSuccess(
            feed -> {
              vertx.cancelTimer(timer);
              ready.tryComplete(feed);
            });
    return ready.future();
  }

  /**
   * The feed of a turn this process runs for that very caller, for when the store cannot be asked
   * whose it is; null if there is none.
   */
  public @Nullable TurnFeed openHere(Caller caller, UUID id) {
    var owned = process.registry().find(id);
    return owned != null && owned.caller().equals(caller) ? owned.feed() : null;
  }

  /**
   * A connection that will read {@code feed} as long as its caller's credential is good; it counts
   * as a reader at once.
   *
   * @param position the last event the client has; null for none
   */
  public TurnReader read(
      TurnFeed feed, TurnEncoder encoder, @Nullable Position position, RoutingContext ctx) {
    var request = ctx.request();
    return new RewindingReader(
        loop,
        process.config(),
        feed,
        encoder,
        position,
        request,
        CredentialEnd.of(ctx),
        stream(request));
  }

  /**
   * A connection that will read {@code feed} as numbered events as long as its caller's credential
   * is good; it counts as a reader at once.
   *
   * @param first number of the first event it is to get
   */
  public TurnReader read(TurnFeed feed, AppendingEncoder encoder, int first, RoutingContext ctx) {
    var request = ctx.request();
    return new AppendingReader(
        loop,
        process.config(),
        feed,
        encoder,
        first,
        request,
        CredentialEnd.of(ctx),
        stream(request));
  }

  /** What is measured of a connection that a turn's text will be written to. */
  public StreamMeter stream(HttpServerRequest request) {
    return meter.stream(Dialect.ofPath(request.path()));
  }

  /** Notes that a client wanted to go on with a turn that is not there. */
  public void resumedUnknown() {
    meter.resumedUnknown();
  }

  /** The text of a turn as it grows; counts as a reader until it is closed. */
  public TurnText text(TurnFeed feed, TurnText.Reader reader) {
    return new TurnText(loop, feed, reader);
  }

  /** Completes when the turn has ended; counts as a reader until {@code response} is closed. */
  public Future<TurnEnd> end(TurnFeed feed, HttpServerResponse response) {
    var wait = new FeedWait(loop, feed, each -> each.end() != null);
    response.closeHandler(_ -> wait.abandon());
    response.exceptionHandler(_ -> wait.abandon());
    if (response.closed()) {
      wait.abandon();
    }
    return wait.future().map(Turns::ended);
  }

  /**
   * A turn whose end is committed, as it is stored; the store is asked only where another instance
   * committed it.
   *
   * @return fails as {@link TurnStore#turn} does
   */
  public Future<Turn> ended(Caller caller, TurnFeed feed) {
    var here = feed.ended();
    return here == null
        ? store.turn(caller, feed.head().id())
        : Future.succeededFuture(here.turn());
  }

  @SuppressWarnings("NullAway") // the wait was for just that
  private static TurnEnd ended(TurnFeed feed) {
    return feed.end();
  }

  /**
   * Marks a turn for cancel, and stops it at once where this process runs it (T-34).
   *
   * @return the turn as it is then
   */
  public Future<Turn> cancel(Caller caller, UUID id) {
    var since = meter.now();
    return store.cancel(caller, id).onSuccess(_ -> cancelHere(id, since));
  }

  private void cancelHere(UUID id, long since) {
    var owned = process.registry().find(id);
    if (owned != null) {
      owned.execute(() -> owned.cancel(since));
    }
  }

  /** What waits for all readers of this loop, in bytes. Safe from any thread. */
  long buffered() {
    return loop.buffered();
  }

  /** The most of that which waits for one reader. Safe from any thread. */
  int mostBuffered() {
    return loop.mostBuffered();
  }

  private Future<Void> after(Duration pause) {
    return vertx.timer(pause.toMillis()).mapEmpty();
  }

  private static boolean within(long sinceNanos, Duration limit) {
    return System.nanoTime() - sinceNanos < limit.toNanos();
  }

  private static boolean isUnavailable(Throwable cause) {
    return cause instanceof FailureException known
        && known.failure().code() == FailureCode.STORE_UNAVAILABLE;
  }
}
