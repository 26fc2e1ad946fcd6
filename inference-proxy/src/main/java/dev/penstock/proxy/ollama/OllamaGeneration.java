package dev.penstock.proxy.ollama;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request to {@code POST /api/chat} and its answer. Ollama sends no head before the first
 * token, so a request that waits is told from one that hangs by time alone.
 */
final class OllamaGeneration implements Generation, OllamaChatDecoder.Listener {
  private static final System.Logger LOG = System.getLogger(OllamaGeneration.class.getName());

  private final String upstream;
  private final GenerationListener listener;
  private final OllamaChatDecoder decoder = new OllamaChatDecoder(this);
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse response;
  private boolean finished;
  private boolean over;

  OllamaGeneration(String upstream, GenerationListener listener) {
    this.upstream = upstream;
    this.listener = listener;
  }

  void send(Future<HttpClientRequest> connection, Buffer body) {
    connection.onComplete(
        connected -> {
          if (connected.failed()) {
            breakOff(Setback.unreachable(), "cannot be reached: " + connected.cause());
          } else if (over) {
            connected.result().reset();
          } else {
            request = connected.result();
            request.response().onComplete(this::answered);
            request.end(body);
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
    return decoder.lines();
  }

  private void answered(AsyncResult<HttpClientResponse> answer) {
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
    } else {
      refused(response);
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

  private void refused(HttpClientResponse answer) {
    ErrorBody.read(answer)
        .onComplete(
            body -> {
              var text = body.succeeded() ? body.result() : "";
              breakOff(
                  OllamaErrors.ofStatus(answer.statusCode(), text),
                  "answered " + answer.statusCode() + ": " + ErrorBody.shortened(text));
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
    LOG.log(WARNING, upstream + " " + what);
    listener.broke(setback);
  }

  private void reset() {
    if (request != null) {
      request.reset();
    }
  }
}
