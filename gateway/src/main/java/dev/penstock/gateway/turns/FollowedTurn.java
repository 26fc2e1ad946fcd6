package dev.penstock.gateway.turns;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A turn read through the token log: its text as far as the log has told it, under the attempts
 * that count (turns.md T-11, T-12, T-28). Confined to the follower's context, but for what says
 * otherwise.
 */
final class FollowedTurn {
  private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

  private final Caller caller;
  private final Turn turn;
  private final TurnFeed feed;
  private Transcript transcript = new Transcript(1);
  private Bases bases = Bases.FIRST;
  private boolean ownerAlive = true;
  private volatile boolean ended;
  private volatile int endedAttempt;
  private volatile long askedNanos = System.nanoTime();

  /**
   * @param turn as it was seen when somebody asked for it
   */
  FollowedTurn(Caller caller, Turn turn) {
    this.caller = caller;
    this.turn = turn;
    this.feed = new TurnFeed(TurnHead.of(turn));
  }

  /** Who asked for it first. */
  Caller caller() {
    return caller;
  }

  /** The turn as it was seen then. */
  Turn turn() {
    return turn;
  }

  /** What its readers read. Safe from any thread. */
  TurnFeed feed() {
    return feed;
  }

  /** Whether it has readers, or may have in a moment. Safe from any thread. */
  boolean isWanted(long graceNanos) {
    var now = System.nanoTime();
    return feed.readers() > 0
        || now - askedNanos < graceNanos
        || (feed.everWatched() && now - feed.unwatchedSinceNanos() < graceNanos);
  }

  /** Notes that a reader is about to come. Safe from any thread. */
  FollowedTurn asked() {
    askedNanos = System.nanoTime();
    return this;
  }

  /** Whether {@code seen} is an attempt that began after this one had ended. Any thread. */
  boolean isOutdatedBy(Turn seen) {
    return ended && seen.attempt() > endedAttempt;
  }

  /** Whether the log has nothing more to tell. */
  boolean isEnded() {
    return ended;
  }

  /** What it wants to know next. */
  Poll.Cursor cursor() {
    return new Poll.Cursor(turn.id(), bases.attempt(), transcript.last());
  }

  /**
   * Takes what the log has told.
   *
   * @return whether there is more to fetch at once
   */
  boolean apply(Poll.Progress progress) {
    var known = Bases.known(progress.bases());
    if (known.isEmpty()) {
      return false; // claimed a moment ago; nothing is delivered until it is known from where on
    }
    var changed = enter(known.get(), progress.ownerAlive());
    var before = transcript.last();
    progress.rows().forEach(this::apply);
    var place = transcript.last() == 0 ? progress.queue() : null;
    var moved = transcript.last() > before || !Objects.equals(place, feed.place());
    feed.place(place);
    if (transcript.ended()) {
      ended();
    }
    var complete = transcript.last() >= progress.lastSeq();
    var ready = feed.edition() != null;
    if (ready ? changed : complete) {
      publish(false);
    } else if (ready && moved) {
      feed.wake();
    }
    return !complete && transcript.last() > before;
  }

  /** Takes over attempts and bases; text beyond a later base counts no more. */
  private boolean enter(Bases now, boolean alive) {
    if (now.equals(bases) && alive == ownerAlive) {
      return false;
    }
    var counts = now.limit(bases.attempt());
    if (counts < transcript.last()) {
      transcript = transcript.upTo(counts);
    }
    bases = now;
    ownerAlive = alive;
    return true;
  }

  private void apply(LogRow row) {
    var next = transcript.last() + 1;
    if (row.seqTo() < next || row.seqFrom() > next || transcript.ended()) {
      return;
    }
    switch (row.kind()) {
      case DELTAS -> {
        var texts = texts(row.data());
        for (var text : texts.subList(next - row.seqFrom(), texts.size())) {
          var utf8 = text.getBytes(StandardCharsets.UTF_8);
          transcript.append(utf8, 0, utf8.length);
        }
      }
      case SNAPSHOT -> transcript.appendSnapshot(Wire.decode(row.data(), Snapshot.class).text());
      case TERMINAL -> transcript.end(Wire.decode(row.data(), TerminalEvent.class));
    }
  }

  /** The stored form of a snapshot row; its reason is always {@code continue}. */
  private record Snapshot(String text) {}

  private static List<String> texts(String data) {
    try {
      return Wire.JSON.readValue(data, TEXTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The log is gone and the turn final: its message is the text, as one event. */
  void condense(Turn last) {
    var output = last.output();
    var text = output == null ? "" : output.text();
    var terminalSeq = Math.max(last.lastSeq(), text.isEmpty() ? 1 : 2);
    transcript = new Transcript(text.isEmpty() ? terminalSeq : terminalSeq - 1);
    if (!text.isEmpty()) {
      var utf8 = text.getBytes(StandardCharsets.UTF_8);
      transcript.append(utf8, 0, utf8.length);
    }
    transcript.end(StoredEnd.of(last));
    bases = Bases.known(last.bases()).orElse(bases);
    ended();
    publish(true);
  }

  /** The turn was deleted, which cancelled it (T-36). */
  void deleted() {
    if (!ended) {
      transcript.end(new TerminalEvent.Cancelled(null, new Usage(0, 0, true)));
      ended();
      publish(false);
    }
  }

  private void publish(boolean condensed) {
    feed.publish(new Edition(bases, transcript, ownerAlive, condensed));
  }

  private void ended() {
    endedAttempt = bases.attempt();
    ended = true;
  }
}
