package dev.penstock.proxy.exchange;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.kit.log.LogIds;
import dev.penstock.kit.trace.TraceContext;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request for an answer, and the answer as it comes. Servers may send no head before the first
 * token, so a request that waits is told from one that hangs by time alone.
 */
public final class StreamedGeneration implements Generation, AnswerListener {
  private static final System.Logger LOG = System.getLogger(StreamedGeneration.class.getName());

  private final String upstream;
  private final GenerationListener listener;
  private final AnswerDecoder decoder;
  private final ErrorReader errors;
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private boolean renewed;
  private boolean finished;
  private boolean over;

  /**
   * A generation that is yet to be sent.
   *
   * @param decoder makes the codec of the answer, which tells what it is given
   */
  public StreamedGeneration(
      String upstream,
      GenerationListener listener,
      Function<AnswerListener, AnswerDecoder> decoder,
      ErrorReader errors) {
    this.upstream = upstream;
    this.listener = listener;
    this.decoder = decoder.apply(this);
    this.errors = errors;
  }

  /** Another body for a request that was refused, where that may help. */
  @FunctionalInterface
  public interface Remedy {
    /** The body to ask with instead, or null to leave it at the refusal. */
    @Nullable Buffer bodyAfter(int status, String error);
  }

  /** Sends the request; called once. */
  public void send(ServerConnection server, RequestOptions options, Buffer body) {
    send(server, options, body, (_, _) -> null);
  }

  /**
   * Sends the request; called once.
   *
   * @param remedy asked about the first refusal
   */
  public void send(ServerConnection server, RequestOptions options, Buffer body, Remedy remedy) {
    TraceContext.put(listener.span(), options::putHeader);
    ask(new Question(server, options, body, remedy));
  }

  private record Question(
      ServerConnection server, RequestOptions options, Buffer body, Remedy remedy) {
    Question with(Buffer other) {
      return new Question(server, options, other, (_, _) -> null);
    }
  }

  private void ask(Question question) {
    question
        .server()
        .open(question.options())
        .onComplete(
            connected -> {
              if (connected.failed()) {
                var setback = SetbackException.of(connected.cause());
                breakOff(setback, "cannot be asked: " + setback.failure().detail());
              } else if (over) {
                connected.result().reset();
              } else {
                var opened = connected.result();
                request = opened;
                opened.response().onComplete(answer -> answered(answer, question));
                opened.end(question.body());
              }
            });
  }

  @Override
  public void pause() {
    if (response != null) {
      response.pause();
    }
  }

  @Override
  public void resume() {
    if (response != null) {
      response.resume();
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      reset();
    }
  }

  @Override
  public int chunks() {
    return decoder.chunks();
  }

  private void answered(AsyncResult<HttpClientResponse> answer, Question question) {
    if (over) {
      return;
    }
    if (answer.failed()) {
      breakOff(Setback.lost(), "closed the connection before it answered");
      return;
    }
    response = answer.result();
    response.exceptionHandler(_ -> lost());
    if (response.statusCode() == 200) {
      response.handler(this::read).endHandler(_ -> ended());
    } else if (!renewed && question.server().renewed(response)) {
      renewed = true;
      ErrorBody.read(response).onComplete(_ -> again(question));
    } else {
      refused(response, question);
    }
  }

  private void read(Buffer bytes) {
    if (!over) {
      decoder.feed(bytes);
    }
  }

  private void ended() {
    if (!over) {
      decoder.end();
    }
    if (!over) {
      over = true;
      listener.closed();
    }
  }

  private void lost() {
    if (over) {
      return;
    }
    if (finished) {
      over = true;
      listener.closed();
      return;
    }
    breakOff(
        Setback.failed(
            FailureCode.UPSTREAM_FAILED, "The model server broke off its answer; try again."),
        "reset the connection while it answered");
  }

  private void again(Question question) {
    if (!over) {
      response = null;
      ask(question);
    }
  }

  private void refused(HttpClientResponse answer, Question question) {
    ErrorBody.read(answer)
        .otherwise("")
        .onSuccess(
            text -> {
              var other = over ? null : question.remedy().bodyAfter(answer.statusCode(), text);
              if (other == null) {
                var setback = errors.ofStatus(answer.statusCode(), text);
                // Not its own words: servers repeat the request in them, with any status.
                breakOff(
                    setback,
                    "answered %d with %d characters: %s"
                        .formatted(answer.statusCode(), text.length(), setback.failure().code()));
              } else {
                again(question.with(other));
              }
            });
  }

  @Override
  public void delta(String text) {
    if (!over) {
      listener.delta(text);
    }
  }

  @Override
  public void thought(String text) {
    if (!over) {
      listener.thought(text);
    }
  }

  @Override
  public void scored(String text, List<TokenLogprob> logprobs) {
    if (!over) {
      listener.scored(text, logprobs);
    }
  }

  @Override
  public void called(List<ToolCall> calls) {
    if (!over) {
      listener.called(calls);
    }
  }

  @Override
  public void heard() {
    if (!over) {
      listener.heard();
    }
  }

  @Override
  public void finished(Completion completion) {
    if (!over) {
      finished = true;
      listener.finished(completion);
    }
  }

  @Override
  public void broke(Setback setback) {
    breakOff(setback, "broke off its answer: " + setback.failure().code());
  }

  private void breakOff(Setback setback, String what) {
    if (over) {
      return;
    }
    over = true;
    reset();
    LogIds.of(listener.span(), () -> LOG.log(WARNING, upstream + " " + what));
    listener.broke(setback);
  }

  private void reset() {
    if (request != null) {
      request.reset();
    }
  }
}
