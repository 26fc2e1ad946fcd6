package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.turn.Position;
import dev.penstock.contracts.turn.Resume;
import dev.penstock.gateway.metrics.StreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A reader whose text can be replaced: what it has is a position, and where that does not hold any
 * more it gets a snapshot (turns.md T-28, T-31).
 */
final class RewindingReader extends TurnReader {
  private static final int RETRY_MS = 2000;
  private static final int PLACE_TICKS = 2;

  private final TurnEncoder encoder;
  private final ReaderCursor cursor;
  private @Nullable Edition seen;
  private @Nullable Position position;
  private boolean reading;
  private @Nullable Integer awaited;
  private @Nullable QueuePlace placeTold;
  private int placeTick = Integer.MIN_VALUE / 2;
  private boolean greeted;
  private boolean resumed;

  /**
   * @param position what the client has; null for nothing
   */
  RewindingReader(
      TurnLoop loop,
      TurnsConfig config,
      TurnFeed feed,
      TurnEncoder encoder,
      @Nullable Position position,
      HttpServerRequest request,
      CredentialEnd end,
      StreamMeter measured) {
    super(loop, config, feed, request, end, measured);
    this.resumed = position != null;
    this.encoder = encoder;
    this.position = position;
    this.cursor = new ReaderCursor(feed.head(), encoder);
  }

  @Override
  void read(Edition edition) {
    if (!edition.equals(seen)) {
      decide(edition);
    }
    if (isOpen() && arrived(edition)) {
      deliver(edition);
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
    var last = edition.transcript().last();
    var resume = edition.decide(position, last);
    if (resumed) {
      resumed = false;
      measure(resume, edition, last);
    }
    switch (resume) {
      case Resume.FromStart _ -> cursor.fromStart();
      case Resume.After(var seq) -> cursor.after(edition, seq);
      case Resume.Await(var seq) -> awaited = seq;
      case Resume.Snapshot(var reason) -> cursor.rewind(SnapshotReason.of(reason));
      case Resume.Nothing _ -> nothing();
    }
    reading = awaited == null;
  }

  private void measure(Resume resume, Edition edition, int last) {
    var live = !edition.transcript().isTerminal(last);
    switch (resume) {
      case Resume.FromStart _ -> measured().resumes(live, last);
      case Resume.After(var seq) -> measured().resumes(live, Math.max(0, last - seq));
      case Resume.Await _ -> measured().resumes(live, 0);
      case Resume.Snapshot _ -> measured().rewinds(edition.condensed());
      case Resume.Nothing _ -> measured().resumes(false, 0);
    }
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
    var shared = feed().tail();
    if (shared != null
        && cursor.isWhole(transcript)
        && shared.serves(encoder, edition, cursor.seq(), last)) {
      cursor.jump(edition, last);
      write(shared.bytes(), transcript.isTerminal(last));
      return;
    }
    while (!blocked() && isOpen()) {
      var after = cursor.isWhole(transcript) ? cursor.seq() : -1;
      var out = Buffer.buffer(192);
      var arrived = cursor.advance(edition, last, out, BATCH_BYTES);
      if (out.length() > 0) {
        if (arrived && after >= 0 && feed().readers() > 1) {
          feed().tail(new EncodedTail(encoder, edition, after, last, out));
        }
        write(out, arrived && transcript.isTerminal(last));
      }
      if (arrived) {
        tellPlace();
        return;
      }
    }
  }

  @Override
  void tellPlace() {
    var place = feed().place();
    if (place == null || place.equals(placeTold) || !isOpen() || blocked() || !reading) {
      return;
    }
    if (tick() - placeTick >= PLACE_TICKS) {
      placeTick = tick();
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

  @Override
  void sendAway(ReconnectReason reason) {
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

  @Override
  Buffer keepAlive() {
    return encoder.keepAlive();
  }
}
