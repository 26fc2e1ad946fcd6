package dev.penstock.proxy.exchange;

import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseLimitException;
import dev.penstock.contracts.sse.SseReader;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * The events of an answer's body, none longer than {@link AnswerDecoder#MAX_CHUNK_BYTES}, and its
 * last bytes as they came: some servers tell an error there that is no event.
 */
public final class EventFeed {
  private static final int LAST_BYTES = 16 * 1024;

  private final Consumer<SseEvent> handler;
  private final Runnable tooLong;
  private final SseReader reader = new SseReader(this::event);
  private final Deque<Buffer> last = new ArrayDeque<>();
  private int lastBytes;

  /**
   * A body that has not begun.
   *
   * @param tooLong told instead of an event that is too long; nothing is to be fed afterwards
   */
  public EventFeed(Consumer<SseEvent> handler, Runnable tooLong) {
    this.handler = handler;
    this.tooLong = tooLong;
  }

  /** Reads on. */
  public void feed(Buffer piece) {
    last.addLast(piece);
    lastBytes += piece.length();
    while (lastBytes - last.getFirst().length() >= LAST_BYTES) {
      lastBytes -= last.removeFirst().length();
    }
    try {
      reader.feed(piece);
    } catch (SseLimitException e) {
      tooLong.run();
    }
  }

  /** What came last, at least 16 KiB of it where there is as much. */
  public String lastWords() {
    var words = Buffer.buffer();
    last.forEach(words::appendBuffer);
    return words.toString();
  }

  private void event(SseEvent event) {
    if (event.data().length() > AnswerDecoder.MAX_CHUNK_BYTES) {
      tooLong.run();
    } else {
      handler.accept(event);
    }
  }
}
