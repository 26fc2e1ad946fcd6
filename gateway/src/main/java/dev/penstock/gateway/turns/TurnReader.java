package dev.penstock.gateway.turns;

import dev.penstock.gateway.edge.ResponseSocket;
import dev.penstock.gateway.metrics.StreamMeter;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection that reads a turn as events: a cursor, never a queue (turns.md T-9, T-29).
 *
 * <p>It counts as a reader from its creation on and writes nothing before {@link #open}. Confined
 * to the event loop of its connection; other threads only wake it.
 */
public abstract sealed class TurnReader implements Watcher, TurnLoop.Swept
    permits RewindingReader, AppendingReader {
  /** With one write beyond it, at most 64 KiB wait in our buffers (SSE-40). */
  private static final int MAX_UNSENT_BYTES = 8 * 1024;

  /** Of the events in one write; one more may follow. */
  static final int BATCH_BYTES = 4 * 1024;

  private static final int SOCKET_BYTES = 32 * 1024;

  private enum Phase {
    HELD,
    OPEN,
    ENDING,
    DONE
  }

  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Handler<Void> pump = _ -> pump();
  private final TurnLoop loop;
  private final TurnsConfig config;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final CredentialEnd end;
  private final StreamMeter measured;

  private TurnFeed feed;
  private Phase phase = Phase.HELD;
  private int unsentBytes;
  private int progressTick;
  private int outputTick;
  private int lastTick;
  private long wokenAt;
  private boolean answering;

  TurnReader(
      TurnLoop loop,
      TurnsConfig config,
      TurnFeed feed,
      HttpServerRequest request,
      CredentialEnd end,
      StreamMeter measured) {
    this.measured = measured;
    this.end = end;
    this.loop = loop;
    this.config = config;
    this.feed = feed;
    this.request = request;
    this.response = request.response();
    ResponseSocket.boundSendBuffer(request, SOCKET_BYTES);
    response.exceptionHandler(_ -> leave());
    response.closeHandler(_ -> leave());
    feed.add(this);
    loop.add(this);
    if (response.closed()) {
      leave(); // it was a reader, and no handler will tell that it left
    }
  }

  /** Writes what is new of {@code edition}. */
  abstract void read(Edition edition);

  /** Ends an unfinished stream: its reader is to come back. */
  abstract void sendAway(ReconnectReason reason);

  /** What keeps a silent connection open. */
  abstract Buffer keepAlive();

  /** Tells the turn's place in the queue, where that is told and due. */
  void tellPlace() {}

  /**
   * Begins to write: the status line, 200 or 204, with the first events or a keep-alive. The
   * response's headers must be set.
   */
  public void open() {
    if (phase != Phase.HELD) {
      return;
    }
    phase = Phase.OPEN;
    outputTick = loop.tick();
    lastTick = loop.tick() + Math.min(jittered(TurnLoop.ticks(config.maxAge()), 0.05), end.ticks());
    response.setChunked(true);
    measured.arrived();
    pump();
    if (phase == Phase.OPEN && !response.headWritten()) {
      signOfLife();
    }
  }

  /** Stops being a reader without having written anything. */
  public void dismiss() {
    if (phase == Phase.HELD) {
      leave();
    }
  }

  @Override
  public void changed() {
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      wokenAt = measured.now();
      loop.context().runOnContext(pump);
    }
  }

  @Override
  public void sweep(int tick) {
    if (unsentBytes > 0) {
      var stall = TurnLoop.ticks(config.stall());
      // One that always has something to read must not outlast its time either.
      if (tick - progressTick >= stall || (lastTick > 0 && tick >= lastTick + stall)) {
        cut();
      }
    } else if (phase == Phase.OPEN) {
      if (tick >= lastTick) {
        sendAway(ReconnectReason.MAX_AGE);
        return;
      }
      tellPlace();
      if (tick - outputTick >= TurnLoop.ticks(config.keepAlive())) {
        signOfLife();
      }
    }
  }

  @Override
  public int buffered() {
    return unsentBytes;
  }

  private void signOfLife() {
    var out = keepAlive();
    var length = out.length();
    write(out);
    measured.wroteAside(length);
  }

  private void pump() {
    // Nobody sets it again before the next line lets them.
    var woken = wokenAt;
    // Cleared before the text's length is read: what comes after that wakes us again.
    scheduled.set(false);
    if (phase != Phase.OPEN || blocked()) {
      return;
    }
    if (woken != 0) {
      measured.arrived(woken);
    }
    follow();
    var edition = feed.edition();
    if (edition != null) {
      answering = edition.transcript().last() > 0;
      read(edition);
    }
    measured.settled();
    var reason = feed.sendAway();
    if (reason != null && phase == Phase.OPEN && !blocked()) {
      sendAway(reason);
    }
  }

  private void follow() {
    for (var next = feed.movedTo(); next != null; next = feed.movedTo()) {
      next.add(this);
      feed.remove(this);
      feed = next;
    }
  }

  /** Whom to tell what is measured. */
  final StreamMeter measured() {
    return measured;
  }

  /** What is read now. */
  final TurnFeed feed() {
    return feed;
  }

  final int tick() {
    return loop.tick();
  }

  /** Whether there is anybody to write to. */
  final boolean isOpen() {
    return phase == Phase.OPEN;
  }

  /** Writes a part of the turn. */
  final void send(Buffer out) {
    var length = out.length();
    write(out);
    if (answering) {
      measured.wrote(length);
    } else {
      measured.wroteAside(length);
    }
    if (blocked()) {
      measured.stopped();
    }
  }

  private void write(Buffer out) {
    outputTick = loop.tick();
    // The response's own queue is full only once sixteen writes wait, of whatever size.
    unsent(response.write(out), out.length());
  }

  /** Writes the last of the stream and ends it cleanly. */
  final void end(Buffer out) {
    phase = Phase.ENDING;
    feed.remove(this);
    var length = out.length();
    var ended = response.end(out);
    measured.wrote(length);
    unsent(ended, Math.max(1, length));
    ended.onComplete(_ -> leave());
  }

  private void unsent(Future<Void> written, int bytes) {
    // Most writes are in the socket by now; only the others are worth counting.
    if (!written.isComplete()) {
      if (unsentBytes == 0) {
        progressTick = loop.tick();
      }
      unsentBytes += bytes;
      written.onComplete(_ -> sent(bytes));
    }
  }

  private void sent(int bytes) {
    var waited = blocked();
    unsentBytes -= bytes;
    progressTick = loop.tick();
    if (waited && !blocked()) {
      measured.flows("client");
      changed(); // not at once: this may be called from within a write
    }
  }

  /** Whether enough waits to be sent. */
  final boolean blocked() {
    return unsentBytes >= MAX_UNSENT_BYTES;
  }

  /** The reader has everything: 204, if that can still be said. */
  final void nothing() {
    if (response.headWritten()) {
      end(Buffer.buffer());
      return;
    }
    phase = Phase.ENDING;
    feed.remove(this);
    response.headers().remove(HttpHeaders.CONTENT_TYPE);
    var ended = response.setChunked(false).setStatusCode(204).end();
    unsent(ended, 1);
    ended.onComplete(_ -> leave());
  }

  /** Breaks the connection off, so that it cannot pass for a whole answer. */
  final void cut() {
    ResponseSocket.cut(request);
    leave();
  }

  private void leave() {
    if (phase != Phase.DONE) {
      phase = Phase.DONE;
      feed.remove(this);
      loop.remove(this);
      measured.close();
    }
  }

  /** Give or take that part of it, so that readers do not all come back at once. */
  static int jittered(int value, double part) {
    return (int) (value * (1 - part + 2 * part * ThreadLocalRandom.current().nextDouble()));
  }
}
