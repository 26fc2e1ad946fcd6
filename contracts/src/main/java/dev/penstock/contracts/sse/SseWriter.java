package dev.penstock.contracts.sse;

import io.vertx.core.buffer.Buffer;

/**
 * Frames events as sse.md sections 1 and 4 ask: LF only, one space after the colon, always a {@code
 * data} line, never an unknown field.
 *
 * <p>Callers pass {@code data} that is one line of JSON; its serializer has escaped CR and LF.
 */
public final class SseWriter {
  private static final byte[] ID = ascii("id: ");
  private static final byte[] EVENT = ascii("event: ");
  private static final byte[] RETRY = ascii("retry: ");
  private static final byte[] DATA = ascii("data: ");
  private static final byte[] END = ascii("\n\n");

  private SseWriter() {}

  /** {@code :} LF, without a blank line after it (SSE-26). */
  public static Buffer keepAlive() {
    return Buffer.buffer(2).appendByte((byte) ':').appendByte((byte) '\n');
  }

  /** Appends an event that carries an id (native family). */
  public static Buffer event(Buffer out, String id, String name, byte[] data) {
    out.appendBytes(ID).appendString(id).appendByte((byte) '\n');
    return event(out, name, data);
  }

  /** Appends a named event without id. */
  public static Buffer event(Buffer out, String name, byte[] data) {
    out.appendBytes(EVENT).appendString(name).appendByte((byte) '\n');
    return data(out, data);
  }

  /** Appends {@code retry: ms} as the first line of the event that must follow at once (SSE-29). */
  public static Buffer retry(Buffer out, int millis) {
    return out.appendBytes(RETRY).appendString(Integer.toString(millis)).appendByte((byte) '\n');
  }

  /** Appends an unnamed event: {@code data: …} and a blank line. */
  public static Buffer data(Buffer out, byte[] data) {
    return out.appendBytes(DATA).appendBytes(data).appendBytes(END);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
