package dev.penstock.session.metrics;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.kit.metrics.Counter;
import dev.penstock.kit.metrics.Histogram;
import dev.penstock.kit.metrics.Labelled;
import dev.penstock.kit.metrics.Metrics;
import java.util.function.Supplier;

/** Turns accepted and finished, and how long their transactions took. Safe from any thread. */
public final class TurnMetrics {
  private final Labelled<Histogram> commits;
  private final Labelled<Counter> accepts;
  private final boolean recording;

  /** Registers what is counted. */
  public TurnMetrics(Metrics metrics) {
    var commit = Metric.CHAT_TURN_COMMIT;
    var accept = Metric.CHAT_IDEMPOTENT;
    commits =
        metrics.histogram(
            commit.id(), commit.help(), commit.bounds(), commit.most(), commit.labels());
    accepts = metrics.counter(accept.id(), accept.help(), accept.most(), accept.labels());
    recording = metrics.recording();
  }

  /** Runs and measures an accept. */
  public Accept.Result accept(Supplier<Accept.Result> work) {
    if (!recording) {
      return work.get();
    }
    var began = System.nanoTime();
    try {
      var result = work.get();
      accepted(result, System.nanoTime() - began);
      return result;
    } catch (FailureException e) {
      if (e.failure().code() == FailureCode.IDEMPOTENCY_KEY_REUSED) {
        accepts.of("conflict").increment();
      }
      throw e;
    }
  }

  private void accepted(Accept.Result result, long nanos) {
    switch (result) {
      case Accept.Result.Accepted(_, var replayed) -> {
        accepts.of(replayed ? "replayed" : "new").increment();
        commits.of("user").record(nanos);
      }
      case Accept.Result.Existing(var turn) ->
          accepts.of(turn.state().isFinal() ? "replayed" : "attached").increment();
      case Accept.Result.Refused(var failure) -> {
        if (failure.code() == FailureCode.IDEMPOTENCY_KEY_REUSED) {
          accepts.of("conflict").increment();
        }
      }
      case Accept.Result.Busy _ -> {}
    }
  }

  /** Runs and measures a finish. */
  public Finish.Result finish(Finish finish, Supplier<Finish.Result> work) {
    if (!recording) {
      return work.get();
    }
    var began = System.nanoTime();
    var result = work.get();
    if (result instanceof Finish.Result.Committed) {
      var whole = finish.outcome() instanceof TurnOutcome.Completed;
      commits.of(whole ? "assistant" : "partial").record(System.nanoTime() - began);
    }
    return result;
  }
}
