package dev.penstock.contracts.sse;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Reads an event stream fed in pieces cut anywhere, as WHATWG HTML section 9.2 interprets it
 * (sse.md section 8).
 *
 * <p>Events are handed over as soon as the line end of their blank line is there, in order, on the
 * thread that feeds. An event the stream ends in is dropped. Bytes that are not UTF-8 become
 * U+FFFD. After an exception, be it the handler's, the reader is of no further use. Not
 * thread-safe.
 */
public final class SseReader {
  /** Longest line in bytes, its end not counted. */
  public static final int MAX_LINE_BYTES = 1024 * 1024;

  /** Most bytes of data in one event. */
  public static final int MAX_EVENT_BYTES = 4 * 1024 * 1024;

  private final Consumer<? super SseEvent> handler;
  private final SseBlock block = new SseBlock();
  private byte[] unfinishedLine = new byte[256];
  private int unfinishedLength;
  private boolean afterCr;
  private boolean firstLine = true;

  /** A reader at the start of a stream that hands its events to {@code handler}. */
  public SseReader(Consumer<? super SseEvent> handler) {
    this.handler = handler;
  }

  /**
   * Reads on.
   *
   * @throws SseLimitException if a line or an event is too large
   */
  public void feed(Buffer piece) {
    var bytes = piece.getBytes();
    var start = 0;
    for (var at = 0; at < bytes.length; at++) {
      var b = bytes[at];
      if (b != '\n' && b != '\r') {
        continue;
      }
      // LF directly after CR belongs to the line end that CR was.
      if (b == '\r' || !followsCr(bytes, at)) {
        endLine(bytes, start, at);
      }
      start = at + 1;
    }
    if (bytes.length > 0) {
      afterCr = bytes[bytes.length - 1] == '\r';
      keep(bytes, start, bytes.length);
    }
  }

  /** Id of the last event whose blank line was read; empty for none. */
  public String lastEventId() {
    return block.lastEventId();
  }

  /** What the last valid {@code retry} field said. */
  public OptionalInt retryMillis() {
    return block.retryMillis();
  }

  private boolean followsCr(byte[] bytes, int at) {
    return at == 0 ? afterCr : bytes[at - 1] == '\r';
  }

  private void endLine(byte[] bytes, int start, int end) {
    if (unfinishedLength == 0) {
      checkLine(end - start);
      line(bytes, start, end);
    } else {
      keep(bytes, start, end);
      var length = unfinishedLength;
      unfinishedLength = 0;
      line(unfinishedLine, 0, length);
    }
  }

  private void line(byte[] bytes, int start, int end) {
    var from = start;
    if (firstLine) {
      firstLine = false;
      if (startsWithByteOrderMark(bytes, start, end)) {
        from += 3;
      }
    }
    if (from < end) {
      block.line(bytes, from, end);
    } else {
      block.end(handler);
    }
  }

  private static boolean startsWithByteOrderMark(byte[] bytes, int start, int end) {
    return end - start >= 3
        && bytes[start] == (byte) 0xEF
        && bytes[start + 1] == (byte) 0xBB
        && bytes[start + 2] == (byte) 0xBF;
  }

  private void keep(byte[] bytes, int start, int end) {
    var length = unfinishedLength + (end - start);
    checkLine(length);
    if (length > unfinishedLine.length) {
      unfinishedLine = Arrays.copyOf(unfinishedLine, Math.max(length, 2 * unfinishedLine.length));
    }
    System.arraycopy(bytes, start, unfinishedLine, unfinishedLength, end - start);
    unfinishedLength = length;
  }

  private static void checkLine(int length) {
    if (length > MAX_LINE_BYTES) {
      throw new SseLimitException("a line", MAX_LINE_BYTES);
    }
  }

  static String utf8(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
