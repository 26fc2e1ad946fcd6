package dev.penstock.gateway.turns;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Generation;
import dev.penstock.gateway.limits.Grant;
import dev.penstock.gateway.metrics.AnswerMeter;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.kit.log.LogIds;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a turn that this instance generates: events in, text out, one end that is
 * committed before anybody sees it (turns.md T-14). Confined to the event loop of its owner where
 * nothing else is said.
 */
final class OwnedTurn implements TurnLoop.Swept {
  private static final System.Logger LOG = System.getLogger(OwnedTurn.class.getName());

  private static final Failure NEVER_STARTED =
      Failure.retryAfter(
          FailureCode.QUEUE_TIMEOUT, "No slot became free in time; try again.", 5_000);
  private static final Failure TOO_LONG =
      Failure.of(
          FailureCode.DEADLINE_EXCEEDED,
          "The turn's deadline passed before its answer was complete.");
  private static final Failure UNASKED_CALL =
      Failure.of(
          FailureCode.UPSTREAM_PROTOCOL,
          "The model called a tool that this turn did not offer; try again.");
  private static final Failure TOO_MANY_CALLS =
      Failure.of(
          FailureCode.UPSTREAM_PROTOCOL,
          "The model called tools with more than 1 MiB of arguments.");
  private static final Turn.Warning BUDGET_EXHAUSTED =
      new Turn.Warning(
          "budget_exhausted",
          "The answer was cut: the tokens per minute that its caller may use were used up.");
  private static final Failure BROKEN =
      Failure.of(FailureCode.INTERNAL, "The turn broke on our side; it is logged under its id.");

  private final OwnerLoop owner;
  private final Accept.Assignment assignment;
  private final Caller caller;
  private final Grant grant;
  private final Dialect dialect;
  private final AnswerMeter measured;
  private final TurnClock clock;
  private final Transcript transcript;
  private final AnswerText text;
  private final AskedCalls toolCalls = new AskedCalls();
  private final TurnSpan span;
  private final TurnFeed feed;
  private final LogCursor log;
  private final DisconnectGrace grace;
  private final Promise<Optional<Failure>> firstWord = Promise.promise();

  private @Nullable Generation generation;
  private @Nullable Completion completion;
  private @Nullable Failure failure;
  private volatile boolean beingRefused;
  private volatile boolean over;

  /**
   * @param caller on whose behalf it runs; its span becomes this attempt's, which ends it
   * @param grant of that caller's, given back by this
   * @param dialect in which it was asked for
   * @param budget until its deadline
   */
  OwnedTurn(
      OwnerLoop owner,
      Accept.Assignment assignment,
      Caller caller,
      Grant grant,
      Dialect dialect,
      Duration budget) {
    this.owner = owner;
    this.grant = grant;
    this.dialect = dialect;
    this.measured = owner.meter().answer(dialect, true, assignment.turn().model());
    this.assignment = assignment;
    this.caller = caller;
    this.clock = new TurnClock(budget);
    var turn = assignment.turn();
    var bases = Bases.known(turn.bases()).orElse(Bases.FIRST);
    this.transcript = transcript(assignment, bases.of(bases.attempt()));
    this.text = new AnswerText(transcript);
    this.span = TurnSpan.of(caller.span(), turn);
    this.feed = new TurnFeed(TurnHead.of(turn), span);
    this.log = new LogCursor(turn.id(), turn.attempt(), transcript, transcript.last());
    this.grace = new DisconnectGrace(turn);
    feed.confirmed(transcript.last());
    feed.publish(new Edition(bases, transcript, true, false));
  }

  /** A continuation's text begins with the stored snapshot of seq 1; any other builds on none. */
  private static Transcript transcript(Accept.Assignment assignment, int base) {
    var prefix = assignment.prefix();
    var transcript = new Transcript(prefix == null ? base + 1 : 1);
    if (prefix != null) {
      transcript.appendSnapshot(prefix);
    }
    return transcript;
  }

  UUID id() {
    return assignment.turn().id();
  }

  int attempt() {
    return assignment.turn().attempt();
  }

  /** On whose behalf it runs. */
  Caller caller() {
    return caller;
  }

  /** In which dialect it was asked for. */
  Dialect dialect() {
    return dialect;
  }

  /** What its readers read. Safe from any thread. */
  TurnFeed feed() {
    return feed;
  }

  /** How far the token log is. Safe from any thread. */
  LogCursor log() {
    return log;
  }

  /** Tells that other instances have readers of it, or no longer (T-33). Safe from any thread. */
  void followedElsewhere(boolean followed) {
    grace.elsewhere(followed);
  }

  /** Whether its end is committed, or is another's to commit. Safe from any thread. */
  boolean isOver() {
    return over;
  }

  /**
   * Completes when it is known whether the turn is refused at the door: empty once the proxy has
   * queued or started it or it ended otherwise; the refusal once that is committed.
   */
  Future<Optional<Failure>> firstWord() {
    return firstWord.future();
  }

  /** Whether the refusal is known but not committed yet. Safe from any thread. */
  boolean isBeingRefused() {
    return beingRefused;
  }

  /** Runs {@code task} on the loop this is confined to. Safe from any thread. */
  void execute(Runnable task) {
    owner.loop().execute(task);
  }

  /** Asks for the generation. */
  void begin() {
    owner.loop().add(this);
    if (clock.isPast()) {
      fail(NEVER_STARTED);
    } else {
      generate();
    }
  }

  /** Another one of the same attempt runs already. */
  void notBegun() {
    grant.giveBack();
    span.handedOver();
    span.end();
  }

  private void generate() {
    try {
      var request = owner.request(assignment, caller, clock);
      generation = grant.start(span.span(), request, this::heard);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  /** Stops generating; the turn ends as cancelled with all it delivered (T-34). */
  void cancel() {
    cancel(0);
  }

  /**
   * The same.
   *
   * @param since when its client asked for it, by the meter's clock; 0 where that is not known
   */
  void cancel(long since) {
    if (isRunning()) {
      stop();
      measured.cancelled(since);
      finish(new TurnOutcome.Cancelled(usage()));
    }
  }

  /** Stops generating; the turn ends as interrupted with all it delivered. */
  void interrupt() {
    if (isRunning()) {
      stop();
      measured.failed(FailureCode.DRAINING);
      finish(new TurnOutcome.Interrupted(usage()));
    }
  }

  /** The store says this instance owns it no longer; where it is asked to finish, that decides. */
  void lost() {
    if (isRunning()) {
      handOver();
    }
  }

  @Override
  public void sweep(int tick) {
    if (over) {
      if (feed.readers() == 0) {
        owner.loop().remove(this);
        owner.registry().remove(this);
      }
    } else if (completion != null) {
      completion.sweep(tick);
    } else if (clock.isPast()) {
      stop();
      fail(text.deltas() == 0 ? NEVER_STARTED : TOO_LONG);
    } else if (grace.isOver(feed)) {
      measured.left(0);
      cancel();
    }
  }

  private boolean isRunning() {
    return completion == null && !over;
  }

  private void heard(GenerationEvent event) {
    if (isRunning()) {
      try {
        on(event);
      } catch (RuntimeException e) {
        stop();
        broken(e);
      }
    }
  }

  private void broken(RuntimeException cause) {
    LogIds.of(span.span(), () -> LOG.log(ERROR, "turn " + id() + " broke", cause));
    if (isRunning()) {
      fail(BROKEN);
    }
  }

  private void on(GenerationEvent event) {
    measured.heard(event);
    switch (event) {
      case GenerationEvent.Delta(var piece) -> delta(piece);
      case GenerationEvent.Scored(var piece, _) -> {
        if (!piece.isEmpty()) {
          delta(piece);
        }
      }
      // No part of the answer, but a sign that it has begun.
      case GenerationEvent.Thought _ -> firstWord.tryComplete(Optional.empty());
      case GenerationEvent.Called(var calls) -> called(calls);
      case GenerationEvent.Queued(var place) -> {
        feed.place(place);
        feed.wake();
        firstWord.tryComplete(Optional.empty());
      }
      case GenerationEvent.Started _ -> {
        feed.place(null);
        firstWord.tryComplete(Optional.empty());
      }
      case GenerationEvent.Finished(var reason, var usage, var timings) ->
          finish(
              new TurnOutcome.Completed(
                  reason, usage, grant.exhausted() ? clock.timings() : timings, toolCalls.all()));
      case GenerationEvent.Failed(var why) -> fail(why);
    }
  }

  private void delta(String piece) {
    if (text.deltas() == 0) {
      clock.firstToken();
      span.firstToken();
      feed.place(null);
      firstWord.tryComplete(Optional.empty());
    }
    if (text.append(piece)) {
      feed.wake();
    } else {
      stop();
      var usage = usage();
      measured.finished(FinishReason.LENGTH, usage);
      finish(new TurnOutcome.Completed(FinishReason.LENGTH, usage, clock.timings()));
    }
  }

  private void called(List<ToolCall> calls) {
    if (assignment.turn().form().offeredTools().isEmpty()) {
      stop();
      fail(UNASKED_CALL);
    } else if (toolCalls.add(calls)) {
      firstWord.tryComplete(Optional.empty());
    } else {
      stop();
      fail(TOO_MANY_CALLS);
    }
  }

  private void fail(Failure why) {
    failure = why;
    measured.failed(why.code());
    feed.failure(why);
    var begun = text.deltas() > 0;
    finish(new TurnOutcome.Failed(why, begun ? usage() : null, begun ? clock.timings() : null));
  }

  private Optional<Failure> refusal() {
    return Optional.ofNullable(failure)
        .filter(why -> text.deltas() == 0 && why.code().refusesAtTheDoor());
  }

  private void finish(TurnOutcome outcome) {
    span.ended(outcome);
    var refused = refusal().isPresent();
    beingRefused = refused;
    if (!refused) {
      text.end();
    }
    var length = refused ? 0 : transcript.end(transcript.last());
    var finish =
        new Finish(
            owner.instance(),
            attempt(),
            log.close(),
            transcript.last() + 1,
            outcome,
            refused ? "" : transcript.string(),
            AnswerText.sha256(transcript.text(), length),
            grant.exhausted() ? List.of(BUDGET_EXHAUSTED) : List.of());
    feed.place(null);
    feed.wake();
    completion =
        new Completion(
            owner, span.span(), id(), finish, clock, feed, answer -> finished(finish, answer));
    completion.begin();
  }

  private void finished(Finish finish, Optional<Finish.Result> answer) {
    if (answer.isEmpty()) {
      end();
      return;
    }
    switch (answer.get()) {
      case Finish.Result.Committed(var event, var at) -> {
        transcript.end(event);
        // What becomes of a refused turn's question only the store knows.
        if (refusal().isEmpty()) {
          var turn = assignment.turn();
          feed.ended(
              new EndedTurn(
                  turn,
                  transcript,
                  finish.outcome(),
                  event,
                  at,
                  finish.sha256(),
                  finish.warnings()));
        }
        end();
        feed.sendAway(null);
        feed.wake();
      }
      case Finish.Result.Fenced _ -> handOver();
    }
    firstWord.tryComplete(refusal());
  }

  /** Another attempt owns or has ended the turn: its readers go on from the log. */
  private void handOver() {
    LOG.log(INFO, "turn " + id() + " is not ours any more, attempt " + attempt());
    stop();
    log.close();
    span.handedOver();
    end();
    feed.moveTo(owner.follower().follow(caller, assignment.turn()));
    firstWord.tryComplete(Optional.empty());
  }

  private void end() {
    over = true;
    span.end();
    generation = null;
    grant.giveBack();
  }

  private void stop() {
    if (generation != null) {
      generation.cancel();
      generation = null;
    }
  }

  private Usage usage() {
    return OwnerLoop.estimate(assignment.history(), text.deltas());
  }
}
