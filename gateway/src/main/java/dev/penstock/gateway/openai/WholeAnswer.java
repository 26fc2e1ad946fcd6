package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.edge.ResponseSocket;
import dev.penstock.gateway.inference.Generation;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** An answer gathered into one document. */
final class WholeAnswer implements Answer {
  /** Longer texts end as {@code length}, as stored turns do. */
  private static final int MAX_CHARS = 1024 * 1024;

  private static final OpenAiError TOO_LATE =
      OpenAiError.of(
          Failure.of(
              FailureCode.DEADLINE_EXCEEDED,
              "The answer was not complete in time; ask for a stream to see it as it comes."));

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ResponseHead head;
  private final CompletionId completion;
  private final Answers answers;
  private final StringBuilder text = new StringBuilder();

  private @Nullable Generation generation;
  private boolean over;
  private int deltas;
  private int sweeps;

  WholeAnswer(
      HttpServerRequest request, ResponseHead head, CompletionId completion, Answers answers) {
    this.request = request;
    this.response = request.response();
    this.head = head;
    this.completion = completion;
    this.answers = answers;
  }

  @Override
  public void begin(Generation started) {
    generation = started;
    response.exceptionHandler(_ -> gone());
    response.closeHandler(_ -> gone());
  }

  @Override
  public void accept(GenerationEvent event) {
    if (over) {
      return;
    }
    switch (event) {
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {}
      case GenerationEvent.Delta(var delta) -> take(delta);
      case GenerationEvent.Scored(var delta, _) -> take(delta);
      case GenerationEvent.Thought _ -> {}
      case GenerationEvent.Called _ -> breakOff(OpenAiError.of(UNASKED_CALL));
      case GenerationEvent.Finished(var reason, var usage, _) -> answer(reason, usage);
      case GenerationEvent.Failed(var failure) -> refuse(OpenAiError.of(failure));
    }
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
  public void breakOff(OpenAiError reason) {
    if (!over) {
      cancel();
      refuse(reason);
    }
  }

  private void take(String delta) {
    text.append(delta);
    deltas++;
    if (text.length() > MAX_CHARS) {
      cancel();
      answer(FinishReason.LENGTH, new Usage(0, deltas, true));
    }
  }

  private void answer(FinishReason reason, Usage usage) {
    finish();
    head.document();
    response
        .end(ChatCompletionEncoder.encode(completion, text.toString(), reason, usage))
        .onComplete(_ -> answers.closed(this));
  }

  private void refuse(OpenAiError error) {
    finish();
    head.error(error);
    answers.closed(this);
  }

  private void finish() {
    over = true;
    sweeps = 0;
  }

  private void gone() {
    cancel();
    answers.closed(this);
  }

  private void cancel() {
    over = true;
    if (generation != null) {
      generation.cancel();
    }
  }
}
