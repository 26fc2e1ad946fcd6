package dev.penstock.gateway.turns;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The text of a turn as it grows, for a dialect that tells neither positions nor attempts. It
 * counts as a reader until it is closed. Confined to the event loop of its reader; other threads
 * only wake it.
 */
public final class TurnText implements Watcher, TurnLoop.Swept {
  /** How often {@link Reader#tick} is called. */
  public static final Duration TICK = TurnLoop.TICK;

  /** Whoever reads it. */
  public interface Reader {
    /** There is more text, or the end. */
    void changed();

    /** Time has passed. */
    void tick();
  }

  /** Takes {@code utf8[from, to)}, whole scalar values; the bytes must not be written to. */
  public interface Sink {
    void accept(byte[] utf8, int from, int to);
  }

  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final TurnLoop loop;
  private final Reader reader;
  private TurnFeed feed;
  private @Nullable Transcript seen;
  private byte[] given = {};
  private int offset;
  private boolean torn;
  private boolean closed;

  TurnText(TurnLoop loop, TurnFeed feed, Reader reader) {
    this.loop = loop;
    this.feed = feed;
    this.reader = reader;
    feed.add(this);
    loop.add(this);
  }

  /**
   * Gives the next piece of text, as much as one event may hold.
   *
   * @return false if there is none now; none comes any more once the text that was given is no
   *     longer how the turn's begins
   */
  public boolean next(Sink sink) {
    follow();
    var edition = feed.edition();
    if (closed || torn || edition == null) {
      return false;
    }
    var transcript = edition.transcript();
    var end = transcript.end(transcript.last());
    var text = transcript.text();
    if (!transcript.equals(seen)) {
      seen = transcript;
      torn = end < offset || !Arrays.equals(given, 0, offset, text, 0, offset);
    }
    if (torn || offset >= end) {
      return false;
    }
    var to = TextCut.withinLiteral(text, offset, end, ReaderCursor.MERGED_LITERAL_BYTES);
    var from = offset;
    given = text;
    offset = to;
    sink.accept(text, from, to);
    return true;
  }

  /** How the turn ended, once its end is committed, or why that cannot be waited for. */
  public @Nullable TurnEnd end() {
    follow();
    return feed.end();
  }

  /** Stops being a reader. */
  public void close() {
    closed = true;
    feed.remove(this);
    loop.remove(this);
  }

  @Override
  public void changed() {
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(this::look);
    }
  }

  @Override
  public void sweep(int tick) {
    reader.tick();
  }

  private void look() {
    // Cleared before the text's length is read: what comes after that wakes us again.
    scheduled.set(false);
    if (!closed) {
      reader.changed();
    }
  }

  private void follow() {
    for (var next = feed.movedTo(); next != null && !closed; next = feed.movedTo()) {
      next.add(this);
      feed.remove(this);
      feed = next;
    }
  }
}
