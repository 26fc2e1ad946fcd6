package dev.penstock.proxy.relay;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.metric.StreamEnd;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.admission.Application;
import dev.penstock.proxy.admission.Grant;
import dev.penstock.proxy.admission.Recipient;
import dev.penstock.proxy.admission.Verdict;
import dev.penstock.proxy.admission.Work;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Prompt;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.Truncation;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.metrics.GenerationMeter;
import dev.penstock.proxy.trace.GenerationSpan;
import dev.penstock.proxy.trace.GenerationSpans;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One generation between its caller and its model server: applies for a slot, sends the prompt,
 * relays what comes, and gives the slot back exactly when the exchange with the model server is
 * over. Confined to the event loop of the caller's connection.
 */
final class GenerationRelay implements Recipient, GenerationListener, Relayed {
  private static final long CLOSE_MS = 1_000;
  private static final int READ_OUT_TOKENS = 20;
  private static final int BYTES_PER_TOKEN = 4;

  /** How far it has come. */
  private enum Phase {
    /** Applied for a slot. */
    WAITING,
    /** The prompt is sent; nothing has come. */
    PREFILL,
    /** Text is coming. */
    STREAMING,
    /** The caller has left, but the answer is almost over: read and dropped (turns.md T-39). */
    READING_OUT,
    /** The answer is over; the model server has yet to end its response. */
    CLOSING,
    OVER
  }

  private final RoutingContext ctx;
  private final GenerationRequest request;
  private final RelayServices services;
  private final EventStream stream;
  private final Context context;
  private final Stopwatch stopwatch;
  private final GenerationMeter meter;
  private final long deadline;
  // Fewer than were asked where the model cannot read them all.
  private List<ChatMessage> messages;
  private Phase phase = Phase.WAITING;
  private @Nullable Application application;
  private @Nullable Generation generation;
  private @Nullable Grant grant;
  private GenerationSpan span = GenerationSpan.NONE;
  private int tries;
  private int maxTokens;
  private long sentAt;
  private boolean placeTold;
  private boolean startedTold;
  private boolean heard;
  private boolean paused;
  // When the present silence began: of the model, of a paused caller, or of the closing.
  private long silentSince;

  GenerationRelay(
      RoutingContext ctx, GenerationRequest request, RelayServices services, Context context) {
    this.ctx = ctx;
    this.request = request;
    this.messages = request.messages();
    this.services = services;
    this.context = context;
    this.stream = new EventStream(ctx.request(), services.loop(), this::hold, this::goOn);
    this.meter = services.loop().meter().generation(GenerationMeter.CHAT, request.model());
    var now = RelayLoop.now();
    this.stopwatch = new Stopwatch(now);
    this.deadline = now + request.deadlineMs();
  }

  void begin() {
    services.loop().add(this);
    ctx.response().exceptionHandler(_ -> callerLeft()).closeHandler(_ -> callerLeft());
    application =
        services
            .desk()
            .apply(Work.of(request), task -> context.runOnContext(_ -> task.run()), this);
  }

  @Override
  public void placed(QueuePlace place) {
    meter.placed();
    if (!placeTold) {
      placeTold = true;
      Tracing.of(ctx).addEvent("queued");
    }
    if (!startedTold) {
      stream.send(new GenerationEvent.Queued(place));
    }
  }

  @Override
  public void granted(Grant granted) {
    var upstream = services.upstream(granted.upstream());
    var refusal = upstream.refusal(request.form());
    if (refusal.isPresent()) {
      abort(refusal.get());
      return;
    }
    var now = RelayLoop.now();
    grant = granted;
    phase = Phase.PREFILL;
    sentAt = now;
    silentSince = now;
    stopwatch.sent(now, granted.loadMs());
    maxTokens = services.maxTokens(request.model(), request.options().maxTokens());
    ask(granted, upstream);
    meter.granted(granted);
  }

  private void ask(Grant granted, Upstream upstream) {
    span = services.spans().generation(Tracing.of(ctx), request, asked(granted), maxTokens);
    var think = request.options().think();
    generation =
        upstream.start(
            new Prompt(
                granted.model(),
                messages,
                request.options(),
                think == null || !granted.traits().thinks() ? Think.OFF : think,
                maxTokens,
                request.continuesAnswer(),
                request.form()),
            this);
  }

  private GenerationSpans.Asked asked(Grant granted) {
    return new GenerationSpans.Asked(
        granted.upstream(), granted.model(), ++tries, stopwatch.queuedMs(), granted.loadMs());
  }

  @Override
  public Span span() {
    return span.span();
  }

  @Override
  public void refused(Failure failure) {
    fail(failure);
    over();
  }

  @Override
  public void heard() {
    heard = true;
  }

  @Override
  public void delta(String text) {
    span.said(text);
    relay(new GenerationEvent.Delta(text));
  }

  @Override
  public void thought(String text) {
    if (request.form().thoughts()) {
      relay(new GenerationEvent.Thought(text));
    } else {
      heard = true;
    }
  }

  @Override
  public void scored(String text, List<TokenLogprob> logprobs) {
    relay(new GenerationEvent.Scored(text, logprobs));
  }

  @Override
  public void called(List<ToolCall> calls) {
    if (request.form().offeredTools().isEmpty()) {
      abort(
          Failure.of(
              FailureCode.UPSTREAM_PROTOCOL,
              "The model called a tool that it was not offered; try again."));
    } else {
      relay(new GenerationEvent.Called(calls));
    }
  }

  private void relay(GenerationEvent event) {
    heard = true;
    meter.chunk(services.loop().arrival());
    if (phase == Phase.PREFILL) {
      phase = Phase.STREAMING;
      var now = RelayLoop.now();
      stopwatch.firstToken(now);
      span.firstToken(now - sentAt);
      answered();
      stream.answerBegins();
    }
    if (phase == Phase.STREAMING) {
      stream.send(event);
    }
  }

  @Override
  public void finished(Completion completion) {
    span.finished(completion.reason(), usage(completion));
    if (phase != Phase.READING_OUT) {
      answered();
      var timings = stopwatch.timings(RelayLoop.now(), completion);
      var usage = usage(completion);
      meter.finished(completion, usage);
      meter.ends(StreamEnd.of(completion.reason()));
      stream.end(new GenerationEvent.Finished(completion.reason(), usage, timings));
    } else {
      meter.finished(completion, usage(completion));
      meter.ends(StreamEnd.CLIENT_GONE);
    }
    phase = Phase.CLOSING;
    silentSince = RelayLoop.now();
  }

  @Override
  public void closed() {
    leave(Verdict.SERVED);
  }

  @Override
  public void broke(Setback setback) {
    span.broke(setback);
    if (phase == Phase.PREFILL && grant != null && isTooLong(setback)) {
      var shorter = Truncation.of(messages);
      if (shorter.isPresent()) {
        span.end();
        messages = shorter.get();
        ask(grant, services.upstream(grant.upstream()));
        return;
      }
    }
    if (phase == Phase.PREFILL && application != null) {
      span.end();
      phase = Phase.WAITING;
      generation = null;
      meter.again(setback);
      application.again(setback);
      return;
    }
    if (phase == Phase.STREAMING) {
      fail(setback.failure());
    } else {
      meter.abandoned();
    }
    leave(setback.kind() == Setback.Kind.FAILED ? Verdict.FAILED : Verdict.NONE);
  }

  private boolean isTooLong(Setback setback) {
    return request.form().truncates()
        && setback.failure().code() == FailureCode.CONTEXT_LENGTH_EXCEEDED;
  }

  @Override
  public void drain() {
    abort(Failure.of(FailureCode.DRAINING, "This instance is shutting down; try again."));
  }

  @Override
  public void tick(long now) {
    stream.tick();
    services.loop().meter().buffers(stream.buffered());
    if (heard) {
      heard = false;
      silentSince = now;
    }
    var silence = now - silentSince;
    var limits = services.limits();
    switch (phase) {
      case WAITING -> {
        if (now >= deadline) {
          abort(
              Failure.of(
                  FailureCode.QUEUE_TIMEOUT, "No slot became free in time; try again later."));
        }
      }
      case PREFILL -> {
        if (silence >= limits.firstToken().toMillis()) {
          timedOut("The model server did not begin to answer in time; try again.");
        } else if (now >= deadline) {
          pastDeadline();
        } else if (now - sentAt >= limits.startedAfter().toMillis()) {
          tellStarted();
        }
      }
      case STREAMING -> {
        if (paused && silence >= limits.stall().toMillis()) {
          stalled();
        } else if (!paused && silence >= limits.betweenTokens().toMillis()) {
          timedOut("The model server stopped in the middle of its answer; try again.");
        } else if (now >= deadline) {
          pastDeadline();
        }
      }
      case READING_OUT -> {
        if (silence >= limits.betweenTokens().toMillis() || now >= deadline) {
          meter.abandoned();
          cancel(Verdict.FAILED);
        }
      }
      case CLOSING -> {
        if (silence >= CLOSE_MS) {
          cancel(Verdict.SERVED);
        }
      }
      case OVER -> {}
    }
  }

  private void callerLeft() {
    var since = services.loop().meter().now();
    stream.gone();
    if (phase != Phase.CLOSING && phase != Phase.OVER) {
      span.callerLeft();
    }
    switch (phase) {
      case WAITING -> {
        cancel(Verdict.NONE);
        meter.callerLeft(since);
      }
      case PREFILL, STREAMING -> {
        var chunks = generation == null ? 0 : generation.chunks();
        if (maxTokens - chunks < READ_OUT_TOKENS) {
          phase = Phase.READING_OUT;
          goOn();
        } else {
          cancel(Verdict.NONE);
          meter.callerLeft(since);
        }
      }
      case READING_OUT, CLOSING, OVER -> {}
    }
  }

  private void hold() {
    if (phase == Phase.STREAMING && !paused && generation != null) {
      paused = true;
      silentSince = RelayLoop.now();
      services.loop().meter().paused();
      generation.pause();
    }
  }

  private void goOn() {
    if (paused && generation != null) {
      unpause();
      generation.resume();
    }
  }

  private void unpause() {
    var now = RelayLoop.now();
    services.loop().meter().resumed(now - silentSince);
    span.halted(now - silentSince);
    paused = false;
    silentSince = now;
  }

  /**
   * Told late: a server that refuses does so at once, and then its status can still be the
   * caller's.
   */
  private void tellStarted() {
    if (!startedTold && grant != null) {
      startedTold = true;
      stream.send(new GenerationEvent.Started(grant.upstream(), grant.model()));
    }
  }

  private void answered() {
    tellStarted();
    if (grant != null && grant.onTrial() && application != null) {
      application.answered();
    }
  }

  private void timedOut(String detail) {
    span.failed(FailureCode.UPSTREAM_TIMEOUT);
    fail(Failure.of(FailureCode.UPSTREAM_TIMEOUT, detail));
    cancel(Verdict.FAILED);
  }

  private void pastDeadline() {
    meter.pastDeadline(RelayLoop.now() - deadline);
    abort(Failure.of(FailureCode.DEADLINE_EXCEEDED, "The deadline passed before the end."));
  }

  private void stalled() {
    var since = services.loop().meter().now();
    span.callerLeft();
    stream.cut();
    cancel(Verdict.NONE);
    meter.callerLeft(since);
  }

  private void abort(Failure failure) {
    if (phase != Phase.CLOSING && phase != Phase.READING_OUT) {
      span.failed(failure.code());
      fail(failure);
    }
    cancel(Verdict.NONE);
  }

  private void fail(Failure failure) {
    meter.failed(failure.code());
    if (stream.begun()) {
      stream.end(new GenerationEvent.Failed(failure));
    } else if (!ctx.response().closed()) {
      stream.gone();
      ctx.fail(failure.asException());
    }
  }

  private void cancel(Verdict verdict) {
    if (generation != null) {
      if (phase == Phase.PREFILL || phase == Phase.STREAMING || phase == Phase.READING_OUT) {
        span.aborted();
        span.cutOff(generation.chunks());
      }
      generation.cancel();
    }
    leave(verdict);
  }

  private void leave(Verdict verdict) {
    if (phase != Phase.OVER && application != null) {
      application.leave(verdict);
    }
    over();
  }

  private void over() {
    if (paused) {
      unpause();
    }
    phase = Phase.OVER;
    span.end();
    services.loop().remove(this);
  }

  private Usage usage(Completion completion) {
    var input = completion.inputTokens();
    var output = completion.outputTokens();
    var chunks = generation == null ? 0 : generation.chunks();
    return new Usage(
        input == null ? estimatedInput() : input,
        output == null ? chunks : output,
        input == null || output == null,
        completion.cachedTokens(),
        completion.thoughtTokens());
  }

  private int estimatedInput() {
    return messages.stream().mapToInt(each -> each.text().length()).sum() / BYTES_PER_TOKEN;
  }
}
