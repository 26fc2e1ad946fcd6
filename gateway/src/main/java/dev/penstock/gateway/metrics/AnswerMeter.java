package dev.penstock.gateway.metrics;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.metric.ErrorType;
import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.metric.StreamEnd;

/**
 * What is measured of one answer while it is made, from the request's acceptance to its end, which
 * is counted once whichever comes first. Confined to its event loop.
 */
public final class AnswerMeter {
  /** Which provider answers, only a proxy knows. */
  private static final String PROVIDER = "penstock";

  private final LoopMeter loop;
  private final Dialect dialect;
  private final boolean stream;
  private final String requested;
  private final long began;
  private String requestedModel = Metric.OTHER;
  private String model = Metric.OTHER;
  private boolean queued;
  private boolean over;
  private long asked;
  private long firstToken;
  private long ended;

  AnswerMeter(LoopMeter loop, Dialect dialect, boolean stream, String requested) {
    this.loop = loop;
    this.dialect = dialect;
    this.stream = stream;
    this.requested = requested;
    this.began = loop.now();
  }

  /** The clock; 0 where nothing is recorded. */
  public long now() {
    return loop.now();
  }

  /** The request is on its way to a proxy. */
  public void asked() {
    asked = loop.now();
  }

  /** Something came from the proxy. */
  public void heard(GenerationEvent event) {
    if (over || !loop.recording()) {
      return;
    }
    switch (event) {
      case GenerationEvent.Queued _ -> queued = true;
      case GenerationEvent.Started(_, var served) -> {
        queued = false;
        // What was asked for is a name that is served, and no text of anybody's choice.
        requestedModel = requested;
        model = served;
      }
      case GenerationEvent.Delta _,
          GenerationEvent.Scored _,
          GenerationEvent.Thought _,
          GenerationEvent.Called _ ->
          token();
      case GenerationEvent.Finished(var reason, var usage, _) -> finished(reason, usage);
      case GenerationEvent.Failed(var failure) -> failed(failure.code());
    }
  }

  private void token() {
    if (firstToken == 0) {
      firstToken = loop.now();
    }
  }

  /** It is whole. */
  public void finished(FinishReason reason, Usage usage) {
    if (over || !loop.recording()) {
      return;
    }
    var now = loop.now();
    ends("", StreamEnd.of(reason), now);
    if (firstToken != 0) {
      loop.whole().firstTokens.of(labels()).record(firstToken - began);
      if (usage.outputTokens() > 1) {
        loop.whole()
            .perOutputToken
            .of(labels())
            .record((now - firstToken) / (usage.outputTokens() - 1));
      }
    }
  }

  /** It was refused, or broke. */
  public void failed(FailureCode code) {
    if (over || !loop.recording()) {
      return;
    }
    var begun = firstToken != 0;
    if (begun || !code.refusesAtTheDoor()) {
      ends(ErrorType.of(code, begun), StreamEnd.of(code), loop.now());
    } else {
      over = true;
      duration(ErrorType.of(code, false), loop.now());
    }
  }

  /**
   * Its client asked to stop it, and the connection to the proxy is closed.
   *
   * @param since when the client did, of {@link LoopMeter#now}; 0 where that is not known
   */
  public void cancelled(long since) {
    stopped("explicit", ErrorType.CANCELLED, StreamEnd.CLIENT_CANCEL, since);
  }

  /**
   * Nobody waits for it any more, and the connection to the proxy is closed.
   *
   * @param since as of {@link #cancelled}
   */
  public void left(long since) {
    stopped("disconnect", ErrorType.CLIENT_DISCONNECT, StreamEnd.CLIENT_GONE, since);
  }

  private void stopped(String reason, String errorType, StreamEnd how, long since) {
    if (over || !loop.recording()) {
      return;
    }
    var now = loop.now();
    if (since != 0) {
      var phase = queued ? "queued" : firstToken == 0 ? "prefill" : "decode";
      loop.whole().cancels.of(GatewayMetrics.SERVICE, phase, reason).record(now - since);
    }
    ends(errorType, how, now);
  }

  /**
   * What the gateway itself took until now, in milliseconds: to ask a proxy, and since it had what
   * it answers with, which is the first token for a stream and the last for a document.
   */
  public double overheadMillis() {
    var had = stream ? firstToken : ended;
    var answering = had == 0 ? 0 : loop.now() - had;
    return (Math.max(0, asked - began) + answering) / 1e6;
  }

  /** Whether {@link #overheadMillis} is measured. */
  public boolean measures() {
    return loop.recording();
  }

  private void ends(String errorType, StreamEnd how, long now) {
    over = true;
    ended = now;
    duration(errorType, now);
    loop.ends(how);
  }

  private void duration(String errorType, long now) {
    loop.whole()
        .durations
        .of(
            dialect.operation(),
            PROVIDER,
            requestedModel,
            model,
            dialect.word(),
            Boolean.toString(stream),
            errorType)
        .record(now - began);
  }

  private String[] labels() {
    return new String[] {
      dialect.operation(), PROVIDER, requestedModel, model, dialect.word(), Boolean.toString(stream)
    };
  }
}
