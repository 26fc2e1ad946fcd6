package dev.penstock.gateway.answer;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.limits.Admission;
import dev.penstock.gateway.limits.Decision;
import dev.penstock.gateway.metrics.AnswerMeter;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.gateway.metrics.LoopMeter;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The stateless answers under way on one event loop, with the one timer that serves their
 * keep-alives, stalls and deadlines. Confined to that loop. A client that closes its connection at
 * any point cancels its generation.
 */
public final class Answers {
  private static final String OVERHEAD = "X-Chat-Overhead-Ms";
  private static final int SWEEPS_PER_KEEP_ALIVE = 10;
  private static final Failure DRAINING =
      Failure.retryAfter(FailureCode.DRAINING, "This instance is shutting down; try again.", 1_000);

  /** What an unknown model is answered with, and one that the caller may not ask. */
  private static final Failure UNKNOWN_MODEL =
      Failure.of(FailureCode.MODEL_NOT_FOUND, "No model server here has this model.");

  private final Set<Answer> open = new LinkedHashSet<>();
  private final Vertx vertx;
  private final Admission admission;
  private final Readiness readiness;
  private final Tick tick;
  private final long timer;
  private final int stallSweeps;
  private final int wholeSweeps;
  private final LoopMeter meter;
  private volatile int running;
  private volatile long buffered;
  private volatile int mostBuffered;

  /** Call on the event loop that will serve the routes, which {@code meter} is of. */
  public Answers(
      Vertx vertx, Admission admission, Readiness readiness, AnswerConfig config, LoopMeter meter) {
    this.meter = meter;
    this.vertx = vertx;
    this.admission = admission;
    this.readiness = readiness;
    this.tick = new Tick(vertx);
    var period = Math.max(1, config.keepAlive().toMillis() / SWEEPS_PER_KEEP_ALIVE);
    this.stallSweeps = sweeps(config.stall().toMillis(), period);
    // The proxy keeps the deadline; here it only has to be noticed if it did not.
    this.wholeSweeps = sweeps(config.wholeDeadline().toMillis() * 101 / 100 + 1_000, period);
    this.timer = vertx.setPeriodic(period, _ -> sweep());
  }

  /** Answers with a stream, or in the encoder's words with why there is none. */
  public void stream(RoutingContext ctx, GenerationRequest asked, StreamEncoder encoder) {
    var request = ctx.request();
    var dialect = Dialect.ofPath(request.path());
    var measured = meter.answer(dialect, true, asked.model());
    start(
        ctx,
        asked,
        encoder,
        new StreamedAnswer(request, encoder, this, measured, meter.stream(dialect)));
  }

  /** Answers with one document. */
  public void whole(RoutingContext ctx, GenerationRequest asked, DocumentEncoder encoder) {
    var request = ctx.request();
    var measured = meter.answer(Dialect.ofPath(request.path()), false, asked.model());
    start(ctx, asked, encoder, new WholeAnswer(request, encoder, this, measured));
  }

  private void start(
      RoutingContext ctx, GenerationRequest asked, AnswerEncoder encoder, Answer answer) {
    if (readiness.isDraining()) {
      turnAway(ctx, encoder, answer, DRAINING);
      return;
    }
    if (!Caller.of(ctx).rights().cover(asked.model())) {
      turnAway(ctx, encoder, answer, UNKNOWN_MODEL);
      return;
    }
    switch (admission.admit(Caller.of(ctx), asked)) {
      case Decision.Refused(var why) -> turnAway(ctx, encoder, answer, why);
      case Decision.Granted(var grant) -> {
        open.add(answer);
        running = open.size();
        answer.begin(grant.start(Tracing.of(ctx), asked, answer::accept));
      }
    }
  }

  private static void turnAway(
      RoutingContext ctx, AnswerEncoder encoder, Answer answer, Failure why) {
    answer.turnedAway(why.code());
    encoder.refuse(ctx.response(), why);
  }

  void closed(Answer answer) {
    open.remove(answer);
    running = open.size();
  }

  /** Ends what is still under way with a failure, as the last act of a drain (sse.md SSE-39). */
  public void breakOff() {
    new ArrayList<>(open).forEach(answer -> answer.breakOff(DRAINING));
  }

  private void sweep() {
    var sum = 0L;
    var most = 0;
    for (var answer : new ArrayList<>(open)) {
      answer.sweep();
      sum += answer.buffered();
      most = Math.max(most, answer.buffered());
    }
    buffered = sum;
    mostBuffered = most;
  }

  /** About what waits for all clients, in bytes, as of the last sweep. Safe from any thread. */
  public long buffered() {
    return buffered;
  }

  /** The most of that which waits for one client. Safe from any thread. */
  public int mostBuffered() {
    return mostBuffered;
  }

  /** Answers under way. Safe from any thread. */
  public int running() {
    return running;
  }

  /** Tells how much of the time was ours, where the protocol leaves room for such a header. */
  void tellOverhead(HttpServerRequest request, AnswerMeter measured) {
    if (measured.measures() && Dialect.ofPath(request.path()) != Dialect.OLLAMA) {
      request
          .response()
          .putHeader(OVERHEAD, String.format(Locale.ROOT, "%.3f", measured.overheadMillis()));
    }
  }

  Tick tick() {
    return tick;
  }

  /** So many sweeps without a byte taken, and the client is cut off. */
  int stallSweeps() {
    return stallSweeps;
  }

  /** So many sweeps, and an answer in one piece comes too late. */
  int wholeSweeps() {
    return wholeSweeps;
  }

  /** Stops the timer. */
  public void close() {
    vertx.cancelTimer(timer);
  }

  private static int sweeps(long millis, long period) {
    return (int) Math.max(1, millis / period);
  }
}
