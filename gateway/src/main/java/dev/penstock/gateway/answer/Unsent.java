package dev.penstock.gateway.answer;

import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What a client has not taken yet, in order; text that follows text is one piece. */
final class Unsent {
  /** A character may become six bytes of JSON: a frame stays well below 64 KiB (SSE-11). */
  private static final int MAX_PIECE_CHARS = 4 * 1024;

  /** What a token's probability weighs beside its text. */
  private static final int LOGPROB_CHARS = 64;

  private final Deque<Piece> pieces = new ArrayDeque<>(2);
  private int chars;

  private sealed interface Piece {
    record Text(StringBuilder text, boolean isThought) implements Piece {}

    record Scored(String text, List<TokenLogprob> logprobs) implements Piece {}

    record Called(List<ToolCall> calls) implements Piece {}
  }

  void text(String text) {
    append(text, false);
  }

  void thought(String text) {
    append(text, true);
  }

  void scored(String text, List<TokenLogprob> logprobs) {
    pieces.add(new Piece.Scored(text, logprobs));
    chars += weight(logprobs) + text.length();
  }

  void called(List<ToolCall> calls) {
    pieces.add(new Piece.Called(calls));
    chars += weigh(calls);
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** About what it holds on to. */
  int chars() {
    return chars;
  }

  /** Appends the frames of the first piece, or of its beginning where it is long. */
  void writeNext(StreamEncoder encoder, Buffer out) {
    switch (pieces.element()) {
      case Piece.Text(var text, var isThought) -> {
        var next = next(text);
        if (isThought) {
          encoder.thought(out, next);
        } else {
          encoder.text(out, next);
        }
      }
      case Piece.Scored(var text, var logprobs) -> {
        pieces.remove();
        chars -= weight(logprobs) + text.length();
        encoder.scored(out, text, logprobs);
      }
      case Piece.Called(var calls) -> {
        pieces.remove();
        chars -= weigh(calls);
        encoder.called(out, calls);
      }
    }
  }

  private void append(String text, boolean isThought) {
    if (pieces.peekLast() instanceof Piece.Text(var last, var kind) && kind == isThought) {
      last.append(text);
    } else {
      pieces.add(new Piece.Text(new StringBuilder(text), isThought));
    }
    chars += text.length();
  }

  private String next(StringBuilder text) {
    var length = text.length();
    if (length > MAX_PIECE_CHARS) {
      length =
          Character.isHighSurrogate(text.charAt(MAX_PIECE_CHARS - 1))
              ? MAX_PIECE_CHARS - 1
              : MAX_PIECE_CHARS;
    }
    var next = text.substring(0, length);
    text.delete(0, length);
    if (text.isEmpty()) {
      pieces.remove();
    }
    chars -= length;
    return next;
  }

  private static int weight(List<TokenLogprob> logprobs) {
    return logprobs.size() * LOGPROB_CHARS;
  }

  private static int weigh(List<ToolCall> calls) {
    return calls.stream().mapToInt(call -> call.arguments().length()).sum();
  }
}
