package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.gateway.edge.ResponseSocket;
import dev.penstock.gateway.inference.Generation;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer as a stream of chunks. The head is held back until the first text or the first
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

  /** A character may become six bytes of JSON: a chunk stays well below 64 KiB (SSE-11). */
  private static final int MAX_CHUNK_CHARS = 4 * 1024;

  private static final int KEEP_ALIVE_SWEEPS = 10;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ResponseHead head;
  private final ChatChunkEncoder encoder;
  private final Answers answers;
  private final StringBuilder waiting = new StringBuilder();

  private @Nullable Generation generation;
  private GenerationEvent.@Nullable Finished finished;
  private @Nullable OpenAiError error;
  private boolean flushDue;
  private boolean roleSaid;
  private boolean paused;
  private boolean wrote;
  private boolean over;
  private int unsentBytes;
  private int unsentSweeps;
  private int quietSweeps;

  StreamedAnswer(
      HttpServerRequest request, ResponseHead head, ChatChunkEncoder encoder, Answers answers) {
    this.request = request;
    this.response = request.response();
    this.head = head;
    this.encoder = encoder;
    this.answers = answers;
  }

  @Override
  public void begin(Generation started) {
    generation = started;
    ResponseSocket.boundSendBuffer(request, SOCKET_BYTES);
    response.exceptionHandler(_ -> gone());
    response.closeHandler(_ -> gone());
  }

  @Override
  public void accept(GenerationEvent event) {
    switch (event) {
      case GenerationEvent.Queued _, GenerationEvent.Started _ -> {}
      case GenerationEvent.Delta(var text) -> take(text);
      case GenerationEvent.Scored(var text, _) -> take(text);
      case GenerationEvent.Thought _ -> {}
      case GenerationEvent.Called _ -> breakOff(OpenAiError.of(UNASKED_CALL));
      case GenerationEvent.Finished end -> finished = end;
      case GenerationEvent.Failed(var failure) -> error = OpenAiError.of(failure);
    }
    flushSoon();
  }

  @Override
  public void sweep() {
    if (unsentBytes > 0) {
      if (++unsentSweeps >= answers.stallSweeps()) {
        over = true;
        stopGeneration();
        ResponseSocket.cut(request);
      }
    } else if (wrote) {
      wrote = false;
      quietSweeps = 0;
    } else if (!over && ++quietSweeps >= KEEP_ALIVE_SWEEPS) {
      quietSweeps = 0;
      write(SseWriter.keepAlive());
    }
  }

  @Override
  public void breakOff(OpenAiError reason) {
    if (!over && finished == null && error == null) {
      stopGeneration();
      error = reason;
      flushSoon();
    }
  }

  private void take(String text) {
    waiting.append(text);
    if (waiting.length() > MAX_WAITING_CHARS && !paused && generation != null) {
      paused = true;
      generation.pause();
    }
  }

  private void flushSoon() {
    if (!flushDue && (waiting.length() > 0 || finished != null || error != null)) {
      flushDue = true;
      answers.tick().end(this::flush);
    }
  }

  private void flush() {
    flushDue = false;
    if (over) {
      return;
    }
    if (error != null && !response.headWritten()) {
      over = true;
      head.error(error);
      answers.closed(this);
      return;
    }
    while (unsentBytes < MAX_UNSENT_BYTES) {
      var out = Buffer.buffer(512);
      if (waiting.length() > 0) {
        sayRole(out);
        encoder.content(out, nextPiece());
      }
      if (waiting.length() == 0) {
        writeLast(out);
        break;
      }
      write(out);
    }
    if (paused && waiting.length() <= MAX_WAITING_CHARS / 2 && generation != null) {
      paused = false;
      generation.resume();
    }
  }

  private void writeLast(Buffer out) {
    if (error != null) {
      ChatChunkEncoder.error(out, error);
      end(out);
    } else if (finished != null) {
      sayRole(out);
      encoder.finish(out, finished);
      end(out);
    } else if (out.length() > 0) {
      write(out);
    }
  }

  private void sayRole(Buffer out) {
    if (!roleSaid) {
      roleSaid = true;
      encoder.role(out);
    }
  }

  private String nextPiece() {
    if (waiting.length() <= MAX_CHUNK_CHARS) {
      var all = waiting.toString();
      waiting.setLength(0);
      return all;
    }
    var cut =
        Character.isHighSurrogate(waiting.charAt(MAX_CHUNK_CHARS - 1))
            ? MAX_CHUNK_CHARS - 1
            : MAX_CHUNK_CHARS;
    var piece = waiting.substring(0, cut);
    waiting.delete(0, cut);
    return piece;
  }

  private void write(Buffer out) {
    wrote = true;
    if (!response.headWritten()) {
      head.stream();
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
      head.stream();
    }
    // Until the last byte is taken the client can still stall.
    var bytes = out.length();
    unsentBytes += bytes;
    response
        .end(out)
        .onComplete(
            _ -> {
              sent(bytes);
              answers.closed(this);
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
    over = true;
    stopGeneration();
    answers.closed(this);
  }

  private void stopGeneration() {
    if (generation != null) {
      generation.cancel();
    }
  }
}
