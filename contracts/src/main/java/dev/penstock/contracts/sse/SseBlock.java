package dev.penstock.contracts.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The lines up to the next blank one, and what of them outlives it: last event id and retry. */
final class SseBlock {
  private static final byte[] DATA = ascii("data");
  private static final byte[] EVENT = ascii("event");
  private static final byte[] ID = ascii("id");
  private static final byte[] RETRY = ascii("retry");
  private static final String UNNAMED = "message";

  private String lastEventId = "";
  private OptionalInt retryMillis = OptionalInt.empty();

  private String id = "";
  private String name = UNNAMED;
  private @Nullable String data;
  private @Nullable StringBuilder moreData;
  private int dataBytes;

  // Nearly all events of a stream have the same name, so it is decoded once.
  private byte[] latestNameBytes = {};
  private String latestName = UNNAMED;

  String lastEventId() {
    return lastEventId;
  }

  OptionalInt retryMillis() {
    return retryMillis;
  }

  /** Takes a line that is not empty. */
  void line(byte[] bytes, int start, int end) {
    var colon = start;
    while (colon < end && bytes[colon] != ':') {
      colon++;
    }
    var value = Math.min(colon + 1, end);
    if (value < end && bytes[value] == ' ') {
      value++;
    }
    if (is(DATA, bytes, start, colon)) {
      addData(bytes, value, end);
    } else if (is(EVENT, bytes, start, colon)) {
      name = name(bytes, value, end);
    } else if (is(ID, bytes, start, colon)) {
      setId(bytes, value, end);
    } else if (is(RETRY, bytes, start, colon)) {
      setRetry(bytes, value, end);
    }
  }

  /** Takes the blank line. */
  void end(Consumer<? super SseEvent> handler) {
    lastEventId = id;
    var dispatched = data == null ? null : new SseEvent(name, text(data), lastEventId);
    name = UNNAMED;
    data = null;
    moreData = null;
    dataBytes = 0;
    if (dispatched != null) {
      handler.accept(dispatched);
    }
  }

  private String text(String firstLine) {
    return moreData == null ? firstLine : moreData.toString();
  }

  private void addData(byte[] bytes, int start, int end) {
    var line = SseReader.utf8(bytes, start, end);
    dataBytes += end - start + 1;
    if (dataBytes - 1 > SseReader.MAX_EVENT_BYTES) {
      throw new SseLimitException("an event", SseReader.MAX_EVENT_BYTES);
    }
    if (data == null) {
      data = line;
      return;
    }
    if (moreData == null) {
      moreData = new StringBuilder(data);
    }
    moreData.append('\n').append(line);
  }

  private String name(byte[] bytes, int start, int end) {
    if (start == end) {
      return UNNAMED;
    }
    if (!is(latestNameBytes, bytes, start, end)) {
      latestNameBytes = Arrays.copyOfRange(bytes, start, end);
      latestName = SseReader.utf8(bytes, start, end);
    }
    return latestName;
  }

  private void setId(byte[] bytes, int start, int end) {
    for (var at = start; at < end; at++) {
      if (bytes[at] == 0) {
        return;
      }
    }
    id = SseReader.utf8(bytes, start, end);
  }

  private void setRetry(byte[] bytes, int start, int end) {
    var millis = 0L;
    for (var at = start; at < end; at++) {
      if (bytes[at] < '0' || bytes[at] > '9') {
        return;
      }
      millis = Math.min(millis * 10 + (bytes[at] - '0'), Integer.MAX_VALUE);
    }
    if (end > start) {
      retryMillis = OptionalInt.of((int) millis);
    }
  }

  private static boolean is(byte[] word, byte[] bytes, int start, int end) {
    return Arrays.equals(word, 0, word.length, bytes, start, end);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
