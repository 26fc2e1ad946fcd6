package dev.penstock.gateway.answer;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.edge.ResponseSocket;
import dev.penstock.gateway.inference.Generation;
import dev.penstock.gateway.metrics.AnswerMeter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer gathered into one document. */
final class WholeAnswer implements Answer {
  /** Longer texts end as {@code length}, as stored turns do. */
  private static final int MAX_CHARS = 1024 * 1024;

  /** Tool calls, and tokens with their probabilities: neither has a length of its own. */
  private static final int MAX_ITEMS = 16 * 1024;

  private static final Failure TOO_LATE =
      Failure.of(
          FailureCode.DEADLINE_EXCEEDED,
          "The answer was not complete in time; ask for a stream to see it as it comes.");

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final DocumentEncoder encoder;
  private final Answers answers;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thoughts = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private final List<TokenLogprob> logprobs = new ArrayList<>();

  private final AnswerMeter measured;
  private @Nullable Generation generation;
  private boolean over;
  private int deltas;
  private int sweeps;

  WholeAnswer(
      HttpServerRequest request, DocumentEncoder encoder, Answers answers, AnswerMeter measured) {
    this.measured = measured;
    this.request = request;
    this.response = request.response();
    this.encoder = encoder;
    this.answers = answers;
  }

  @Override
  public void begin(Generation started) {
    generation = started;
    measured.asked();
    response.exceptionHandler(_ -> gone());
    response.closeHandler(_ -> gone());
  }

  @Override
  public void accept(GenerationEvent event) {
    if (over) {
      return;
    }
    measured.heard(event);
    switch (event) {
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {}
      case GenerationEvent.Delta(var delta) -> take(text, delta);
      case GenerationEvent.Scored(var delta, var scores) -> {
        logprobs.addAll(scores);
        take(text, delta);
      }
      case GenerationEvent.Thought(var thought) -> take(thoughts, thought);
      case GenerationEvent.Called(var called) -> {
        calls.addAll(called);
        holdBounds();
      }
      case GenerationEvent.Finished(var reason, var usage, var timings) ->
          answer(reason, usage, timings);
      case GenerationEvent.Failed(var failure) -> refuse(failure);
    }
  }

  @Override
  public void turnedAway(FailureCode why) {
    measured.failed(why);
  }

  @Override
  public int buffered() {
    return 0; // no stream waits: it is gathered within limits of its own
  }

  @Override
  public void sweep() {
    sweeps++;
    if (over && sweeps >= answers.stallSweeps()) {
      ResponseSocket.cut(request);
    } else if (!over && sweeps >= answers.wholeSweeps()) {
      breakOff(TOO_LATE);
    }
  }

  @Override
  public void breakOff(Failure reason) {
    if (!over) {
      cancel();
      measured.failed(reason.code());
      refuse(reason);
    }
  }

  private void take(StringBuilder to, String delta) {
    to.append(delta);
    deltas++;
    holdBounds();
  }

  private void holdBounds() {
    if (text.length() + thoughts.length() > MAX_CHARS
        || logprobs.size() > MAX_ITEMS
        || calls.size() > MAX_ITEMS) {
      cancel();
      var usage = new Usage(0, deltas, true);
      measured.finished(FinishReason.LENGTH, usage);
      answer(FinishReason.LENGTH, usage, null);
    }
  }

  private void answer(FinishReason reason, Usage usage, @Nullable Timings timings) {
    finish();
    var answer =
        new GatheredAnswer(
            text.toString(), thoughts.toString(), calls, logprobs, reason, usage, timings);
    var document = encoder.document(response, answer);
    answers.tellOverhead(request, measured);
    response.end(document).onComplete(_ -> answers.closed(this));
  }

  private void refuse(Failure failure) {
    finish();
    encoder.refuse(response, failure);
    answers.closed(this);
  }

  private void finish() {
    over = true;
    sweeps = 0;
  }

  private void gone() {
    var since = measured.now();
    cancel();
    measured.left(since);
    answers.closed(this);
  }

  private void cancel() {
    over = true;
    if (generation != null) {
      generation.cancel();
    }
  }
}
