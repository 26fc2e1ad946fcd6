package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.turn.Position;
import dev.penstock.contracts.turn.Resume;
import dev.penstock.gateway.edge.ResponseSocket;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection that reads a turn as events: a cursor, never a queue (turns.md T-9, T-29).
 *
 * <p>It counts as a reader from its creation on and writes nothing before {@link #open}. Confined
 * to the event loop of its connection; other threads only wake it.
 */
public final class TurnReader implements Watcher, TurnLoop.Swept {
  /** With one write beyond it, at most 64 KiB wait in our buffers (SSE-40). */
  private static final int MAX_UNSENT_BYTES = 8 * 1024;

  private static final int SOCKET_BYTES = 32 * 1024;

  private static final int BATCH_BYTES = 4 * 1024;
  private static final int RETRY_MS = 2000;
  private static final int PLACE_TICKS = 2;

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
  private final TurnEncoder encoder;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final ReaderCursor cursor;

  private TurnFeed feed;
  private Phase phase = Phase.HELD;
  private @Nullable Edition seen;
  private @Nullable Position position;
  private boolean reading;
  private @Nullable Integer awaited;
  private @Nullable QueuePlace placeTold;
  private int placeTick = Integer.MIN_VALUE / 2;
  private boolean greeted;
  private int unsentBytes;
  private int progressTick;
  private int outputTick;
  private int lastTick;

  /**
   * @param position what the client has; null for nothing
   */
  TurnReader(
      TurnLoop loop,
      TurnsConfig config,
      TurnFeed feed,
      TurnEncoder encoder,
      @Nullable Position position,
      HttpServerRequest request) {
    this.loop = loop;
    this.config = config;
    this.feed = feed;
    this.encoder = encoder;
    this.position = position;
    this.request = request;
    this.response = request.response();
    this.cursor = new ReaderCursor(feed.head(), encoder);
    ResponseSocket.boundSendBuffer(request, SOCKET_BYTES);
    response.exceptionHandler(_ -> leave());
    response.closeHandler(_ -> leave());
    feed.add(this);
    loop.add(this);
    if (response.closed()) {
      leave(); // it was a reader, and no handler will tell that it left
    }
  }

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
    lastTick = loop.tick() + jittered(TurnLoop.ticks(config.maxAge()), 0.05);
    response.setChunked(true);
    pump();
    if (phase == Phase.OPEN && !response.headWritten()) {
      send(encoder.keepAlive());
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
      loop.context().runOnContext(pump);
    }
  }

  @Override
  public void sweep(int tick) {
    if (unsentBytes > 0) {
      if (tick - progressTick >= TurnLoop.ticks(config.stall())) {
        cut();
      }
    } else if (phase == Phase.OPEN) {
      if (tick >= lastTick) {
        sendAway(ReconnectReason.MAX_AGE);
        return;
      }
      tellPlace();
      if (tick - outputTick >= TurnLoop.ticks(config.keepAlive())) {
        send(encoder.keepAlive());
      }
    }
  }

  private void pump() {
    // Cleared before the text's length is read: what comes after that wakes us again.
    scheduled.set(false);
    if (phase != Phase.OPEN || blocked()) {
      return;
    }
    follow();
    var edition = feed.edition();
    if (edition != null) {
      if (!edition.equals(seen)) {
        decide(edition);
      }
      if (phase == Phase.OPEN && arrived(edition)) {
        deliver(edition);
      }
    }
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

  private void decide(Edition edition) {
    var torn = reading && seen != null && cursor.begun() && !cursor.isWhole(seen.transcript());
    if (reading && cursor.begun()) {
      position = cursor.position();
    }
    seen = edition;
    awaited = null;
    reading = true;
    if (torn) {
      // Part of an event was sent, which no position can name.
      cursor.rewind(SnapshotReason.NEW_ATTEMPT);
      return;
    }
    switch (edition.decide(position, edition.transcript().last())) {
      case Resume.FromStart _ -> cursor.fromStart();
      case Resume.After(var seq) -> cursor.after(edition, seq);
      case Resume.Await(var seq) -> awaited = seq;
      case Resume.Snapshot(var reason) -> cursor.rewind(SnapshotReason.of(reason));
      case Resume.Nothing _ -> nothing();
    }
    reading = awaited == null;
  }

  private boolean arrived(Edition edition) {
    if (awaited == null) {
      return true;
    }
    var last = edition.transcript().last();
    if (last >= awaited) {
      cursor.after(edition, awaited);
    } else if (edition.transcript().isTerminal(last)) {
      cursor.rewind(SnapshotReason.REWIND);
    } else {
      return false;
    }
    awaited = null;
    reading = true;
    return true;
  }

  private void deliver(Edition edition) {
    var transcript = edition.transcript();
    var last = transcript.last();
    var shared = feed.tail();
    if (shared != null
        && cursor.isWhole(transcript)
        && shared.serves(encoder, edition, cursor.seq(), last)) {
      cursor.jump(edition, last);
      write(shared.bytes(), transcript.isTerminal(last));
      return;
    }
    while (!blocked() && phase == Phase.OPEN) {
      var after = cursor.isWhole(transcript) ? cursor.seq() : -1;
      var out = Buffer.buffer(192);
      var arrived = cursor.advance(edition, last, out, BATCH_BYTES);
      if (out.length() > 0) {
        if (arrived && after >= 0 && feed.readers() > 1) {
          feed.tail(new EncodedTail(encoder, edition, after, last, out));
        }
        write(out, arrived && transcript.isTerminal(last));
      }
      if (arrived) {
        tellPlace();
        return;
      }
    }
  }

  private void tellPlace() {
    var place = feed.place();
    if (place == null || place.equals(placeTold) || phase != Phase.OPEN || blocked() || !reading) {
      return;
    }
    if (loop.tick() - placeTick >= PLACE_TICKS) {
      placeTick = loop.tick();
      placeTold = place;
      var out = Buffer.buffer(160);
      encoder.queued(out, place);
      write(out, false);
    }
  }

  private void write(Buffer events, boolean last) {
    var out = events;
    if (!greeted) {
      greeted = true;
      out = Buffer.buffer(events.length() + 16);
      encoder.retry(out, jittered(RETRY_MS, 0.2));
      out.appendBuffer(events);
    }
    if (last) {
      end(out);
    } else {
      send(out);
    }
  }

  private void send(Buffer out) {
    outputTick = loop.tick();
    // The response's own queue is full only once sixteen writes wait, of whatever size.
    unsent(response.write(out), out.length());
  }

  private void end(Buffer out) {
    phase = Phase.ENDING;
    feed.remove(this);
    var ended = response.end(out);
    unsent(ended, Math.max(1, out.length()));
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
      changed(); // not at once: this may be called from within a write
    }
  }

  private boolean blocked() {
    return unsentBytes >= MAX_UNSENT_BYTES;
  }

  private void sendAway(ReconnectReason reason) {
    var retryAfter =
        switch (reason) {
          case DRAIN, MOVED, MAX_AGE -> jittered(500, 0.8);
          case BUSY, STORE_UNAVAILABLE -> jittered(RETRY_MS, 0.2);
        };
    greeted = true; // a reconnect brings its own
    var out = Buffer.buffer(160);
    encoder.retry(out, retryAfter);
    encoder.reconnect(out, reason, retryAfter);
    write(out, true);
  }

  private void nothing() {
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

  private void cut() {
    ResponseSocket.cut(request);
    leave();
  }

  private void leave() {
    if (phase != Phase.DONE) {
      phase = Phase.DONE;
      feed.remove(this);
      loop.remove(this);
    }
  }

  private static int jittered(int value, double part) {
    return (int) (value * (1 - part + 2 * part * ThreadLocalRandom.current().nextDouble()));
  }
}
