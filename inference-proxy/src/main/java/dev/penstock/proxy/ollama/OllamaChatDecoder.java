package dev.penstock.proxy.ollama;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.proxy.exchange.AnswerDecoder;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the NDJSON body of Ollama's {@code POST /api/chat}, fed in pieces cut anywhere.
 *
 * <p>A line is {@code {"message":{"content":"Hi"},"done":false}}. The last one has {@code
 * "done":true}, {@code done_reason}, token counts and durations in nanoseconds, and may carry all
 * that others carry too. A failure after the response has begun is a line {@code {"error":"..."}}
 * under status 200. A body that ends cleanly without a last line is a failure (sse.md SSE-35). What
 * follows the last line or an error is not read.
 *
 * <p>A line's thinking comes before its text, and that before its calls. Probabilities belong to
 * the text; those of thoughts are left out.
 *
 * <p>Bytes that are not UTF-8, U+0000 and lone surrogates become U+FFFD (SSE-9, SSE-10).
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">Ollama API</a>
 */
final class OllamaChatDecoder implements AnswerDecoder {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final AnswerListener listener;
  private final ChatFrame frame = new ChatFrame();
  private final StorableText text = new StorableText();
  private final StorableText thoughts = new StorableText();
  private boolean called;
  private byte[] unfinishedLine = new byte[256];
  private int unfinishedLength;
  private int lines;
  private boolean bodyEnded;
  private boolean over;

  OllamaChatDecoder(AnswerListener listener) {
    this.listener = listener;
  }

  @Override
  public void feed(Buffer piece) {
    var bytes = piece.getBytes();
    var start = 0;
    for (var at = 0; at < bytes.length && !over; at++) {
      if (bytes[at] == '\n') {
        line(bytes, start, at);
        start = at + 1;
      }
    }
    keep(bytes, start, bytes.length);
  }

  /** A last line without its line end still counts if it is whole. */
  @Override
  public void end() {
    bodyEnded = true;
    if (!over && unfinishedLength > 0) {
      line(unfinishedLine, 0, 0);
    }
    if (!over) {
      breakOff(
          FailureCode.UPSTREAM_TRUNCATED,
          "The model server ended its answer too early; try again.");
    }
  }

  @Override
  public int chunks() {
    return lines;
  }

  private void line(byte[] bytes, int start, int end) {
    if (unfinishedLength == 0 && end - start <= MAX_CHUNK_BYTES) {
      var usual = UsualFrame.text(bytes, start, end);
      if (usual == null) {
        line(new String(bytes, start, end - start, StandardCharsets.UTF_8));
      } else {
        lines++;
        usual(text.feed(usual));
      }
      return;
    }
    keep(bytes, start, end);
    var length = unfinishedLength;
    unfinishedLength = 0;
    if (!over) {
      line(new String(unfinishedLine, 0, length, StandardCharsets.UTF_8));
    }
  }

  private void line(String line) {
    if (!line.isBlank()) {
      frame(lines == 0 && line.charAt(0) == BYTE_ORDER_MARK ? line.substring(1) : line);
    }
  }

  private void frame(String line) {
    lines++;
    try {
      frame.read(line);
    } catch (IOException e) {
      if (bodyEnded) {
        truncated();
      } else {
        breakOff(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent something that cannot be understood; try again.");
      }
      return;
    }
    if (frame.error != null) {
      over = true;
      listener.broke(OllamaErrors.inStream(frame.error));
    } else if (frame.done) {
      finish(frame.doneReason);
    } else if (!emit(thoughts.feed(frame.thinking), text.feed(frame.content))) {
      listener.heard();
    }
  }

  private void usual(String clean) {
    if (clean.isEmpty()) {
      listener.heard();
    } else {
      listener.delta(clean);
    }
  }

  /** Returns whether there was anything. */
  private boolean emit(String thought, String clean) {
    if (!thought.isEmpty()) {
      listener.thought(thought);
    }
    var scored = !frame.logprobs.isEmpty() && (frame.thinking.isEmpty() || !clean.isEmpty());
    if (scored) {
      listener.scored(clean, frame.logprobs);
    } else if (!clean.isEmpty()) {
      listener.delta(clean);
    }
    if (!frame.calls.isEmpty()) {
      called = true;
      listener.called(frame.calls);
    }
    return scored || !thought.isEmpty() || !clean.isEmpty() || !frame.calls.isEmpty();
  }

  private void finish(@Nullable String reason) {
    emit(thoughts.feed(frame.thinking) + thoughts.end(), text.feed(frame.content) + text.end());
    switch (reason == null ? "" : reason) {
      // An empty reason is Ollama's "connection closed" (ollama-api.md 4.1).
      case "" -> truncated();
      case "load", "unload" ->
          breakOff(
              FailureCode.UPSTREAM_PROTOCOL,
              "The model server answered another question; try again.");
      case "length" -> complete(FinishReason.LENGTH);
      // Ollama ends an answer that calls tools as any other (ollama-api.md 4.1).
      default -> complete(called ? FinishReason.TOOL_CALLS : FinishReason.STOP);
    }
  }

  private void complete(FinishReason reason) {
    over = true;
    var told =
        new Completion(
            reason,
            frame.promptTokens == 0 ? null : frame.promptTokens,
            frame.answerTokens == 0 ? null : frame.answerTokens,
            TimeUnit.NANOSECONDS.toMillis(frame.loadNanos),
            frame.promptNanos == 0 ? null : TimeUnit.NANOSECONDS.toMillis(frame.promptNanos),
            frame.answerNanos == 0 ? null : TimeUnit.NANOSECONDS.toMillis(frame.answerNanos));
    var explained = frame.loadNanos + frame.promptNanos + frame.answerNanos;
    listener.finished(
        frame.totalNanos == 0
            ? told
            : told.withUnexplainedMs(TimeUnit.NANOSECONDS.toMillis(frame.totalNanos - explained)));
  }

  private void truncated() {
    breakOff(
        FailureCode.UPSTREAM_TRUNCATED, "The model server ended its answer too early; try again.");
  }

  private void breakOff(FailureCode code, String detail) {
    over = true;
    listener.broke(Setback.failed(code, detail));
  }

  private void keep(byte[] bytes, int start, int end) {
    if (over || start == end) {
      return;
    }
    var length = unfinishedLength + (end - start);
    if (length > MAX_CHUNK_BYTES) {
      breakOff(
          FailureCode.UPSTREAM_PROTOCOL,
          "The model server sent a line that is too long; try again.");
      return;
    }
    if (length > unfinishedLine.length) {
      unfinishedLine = Arrays.copyOf(unfinishedLine, Math.max(length, 2 * unfinishedLine.length));
    }
    System.arraycopy(bytes, start, unfinishedLine, unfinishedLength, end - start);
    unfinishedLength = length;
  }
}
