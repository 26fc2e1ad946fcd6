package dev.penstock.gateway.answer;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.gateway.edge.ResponseSocket;
import dev.penstock.gateway.inference.Generation;
import dev.penstock.gateway.metrics.AnswerMeter;
import dev.penstock.gateway.metrics.StreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a stream of frames. The head is held back until the first text or the first
 * keep-alive (sse.md SSE-32), so that what fails before keeps its status.
 *
 * <p>What the client has not taken waits here, first as bytes on their way to the socket, then as
 * text, in all at most 64 KiB; past that the generation is paused (turns.md T-37).
 */
final class StreamedAnswer implements Answer {
  private static final int SOCKET_BYTES = 32 * 1024;
  private static final int MAX_UNSENT_BYTES = 16 * 1024;

  /** A {@code char} is up to three bytes of UTF-8 and two of heap. */
  private static final int MAX_WAITING_CHARS = 12 * 1024;

  private static final int USUAL_BYTES = 512;
  private static final int KEEP_ALIVE_SWEEPS = 10;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final StreamEncoder encoder;
  private final Answers answers;
  private final AnswerMeter measured;
  private final StreamMeter socket;
  private final Unsent waiting = new Unsent();

  private @Nullable Generation generation;
  private GenerationEvent.@Nullable Finished finished;
  private @Nullable Failure failure;
  private boolean flushDue;
  private boolean paused;
  private boolean wrote;
  private boolean over;
  private int unsentBytes;
  private int unsentSweeps;
  private int quietSweeps;

  StreamedAnswer(
      HttpServerRequest request,
      StreamEncoder encoder,
      Answers answers,
      AnswerMeter measured,
      StreamMeter socket) {
    this.measured = measured;
    this.socket = socket;
    this.request = request;
    this.response = request.response();
    this.encoder = encoder;
    this.answers = answers;
  }

  @Override
  public void begin(Generation started) {
    generation = started;
    measured.asked();
    ResponseSocket.boundSendBuffer(request, SOCKET_BYTES);
    response.exceptionHandler(_ -> gone());
    response.closeHandler(_ -> gone());
  }

  @Override
  public void accept(GenerationEvent event) {
    measured.heard(event);
    switch (event) {
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {}
      case GenerationEvent.Delta(var text) -> waiting.text(text);
      case GenerationEvent.Scored(var text, var logprobs) -> waiting.scored(text, logprobs);
      case GenerationEvent.Thought(var text) -> waiting.thought(text);
      case GenerationEvent.Called(var calls) -> waiting.called(calls);
      case GenerationEvent.Finished end -> finished = end;
      case GenerationEvent.Failed(var why) -> failure = why;
    }
    if (!waiting.isEmpty()) {
      socket.arrived();
    }
    holdBack();
    flushSoon();
  }

  @Override
  public void turnedAway(FailureCode why) {
    measured.failed(why);
    socket.close();
  }

  @Override
  public int buffered() {
    return unsentBytes + waiting.chars();
  }

  @Override
  public void sweep() {
    if (unsentBytes > 0) {
      if (++unsentSweeps >= answers.stallSweeps()) {
        leave();
        ResponseSocket.cut(request);
      }
    } else if (wrote) {
      wrote = false;
      quietSweeps = 0;
    } else if (!over && ++quietSweeps >= KEEP_ALIVE_SWEEPS) {
      quietSweeps = 0;
      var signOfLife = encoder.keepAlive();
      if (signOfLife != null) {
        var length = signOfLife.length();
        write(signOfLife);
        socket.wroteAside(length);
      }
    }
  }

  @Override
  public void breakOff(Failure reason) {
    if (!over && finished == null && failure == null) {
      stopGeneration();
      measured.failed(reason.code());
      failure = reason;
      flushSoon();
    }
  }

  private void holdBack() {
    if (waiting.chars() > MAX_WAITING_CHARS && !paused && generation != null) {
      paused = true;
      socket.stopped();
      generation.pause();
    }
  }

  private void flushSoon() {
    if (!flushDue && (!waiting.isEmpty() || finished != null || failure != null)) {
      flushDue = true;
      answers.tick().end(this::flush);
    }
  }

  private void flush() {
    flushDue = false;
    if (over) {
      return;
    }
    if (failure != null && !response.headWritten()) {
      over = true;
      encoder.refuse(response, failure);
      closed();
      return;
    }
    while (unsentBytes < MAX_UNSENT_BYTES) {
      var out = Buffer.buffer(USUAL_BYTES);
      if (!waiting.isEmpty()) {
        waiting.writeNext(encoder, out);
      }
      if (waiting.isEmpty()) {
        writeLast(out);
        break;
      }
      tell(out);
    }
    socket.settled();
    if (paused && waiting.chars() <= MAX_WAITING_CHARS / 2 && generation != null) {
      paused = false;
      socket.flows("gateway");
      generation.resume();
    }
  }

  private void writeLast(Buffer out) {
    if (failure != null) {
      encoder.failed(out, failure);
      var again = encoder.failedAgain(failure);
      if (again != null) {
        tell(out);
      }
      end(again == null ? out : again);
    } else if (finished != null) {
      encoder.finished(out, finished);
      end(out);
    } else if (out.length() > 0) {
      tell(out);
    }
  }

  /** Writes a part of the answer. */
  private void tell(Buffer out) {
    var length = out.length();
    write(out);
    socket.wrote(length);
  }

  private void head() {
    encoder.head(response);
    answers.tellOverhead(request, measured);
  }

  private void write(Buffer out) {
    wrote = true;
    if (!response.headWritten()) {
      head();
    }
    var bytes = out.length();
    var written = response.write(out);
    // Most writes are in the socket by now; only the others are worth counting.
    if (!written.isComplete()) {
      unsentBytes += bytes;
      written.onComplete(_ -> sent(bytes));
    }
  }

  private void end(Buffer out) {
    over = true;
    if (!response.headWritten()) {
      head();
    }
    // Until the last byte is taken the client can still stall.
    var bytes = out.length();
    unsentBytes += bytes;
    var ended = response.end(out);
    socket.wrote(bytes);
    ended.onComplete(
        _ -> {
          sent(bytes);
          closed();
        });
  }

  private void sent(int bytes) {
    unsentBytes -= bytes;
    unsentSweeps = 0;
    if (unsentBytes < MAX_UNSENT_BYTES) {
      flushSoon();
    }
  }

  private void gone() {
    leave();
    closed();
  }

  private void leave() {
    var since = socket.now();
    over = true;
    stopGeneration();
    measured.left(since);
  }

  private void closed() {
    socket.close();
    answers.closed(this);
  }

  private void stopGeneration() {
    if (generation != null) {
      generation.cancel();
    }
  }
}
