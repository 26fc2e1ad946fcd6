package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far one attempt's text is in the token log, and the row on its way there (turns.md T-10): a
 * row, once cut, keeps its bounds until it is acknowledged. Used by the flusher's thread and, at
 * the end, by the owner's.
 */
final class LogCursor {
  private final UUID turn;
  private final int attempt;
  private final Transcript transcript;
  private int acknowledged;
  private int confirmed;
  private @Nullable LogRow cut;
  private boolean closed;
  private @Nullable QueuePlace placeStored;
  private @Nullable QueuePlace placeSent;

  /**
   * @param stored the last seq the log has already
   */
  LogCursor(UUID turn, int attempt, Transcript transcript, int stored) {
    this.turn = turn;
    this.attempt = attempt;
    this.transcript = transcript;
    this.acknowledged = stored;
    this.confirmed = stored;
  }

  /** The row to send now: the one not acknowledged yet, else the new deltas; null for none. */
  synchronized @Nullable LogRow next(int maxBytes) {
    if (closed) {
      return null;
    }
    if (cut == null) {
      cut = row(acknowledged, transcript.last(), maxBytes);
    }
    return cut;
  }

  /** The queue place to send now; null if the stored one is right. */
  synchronized Flush.@Nullable Place place(@Nullable QueuePlace now) {
    // One that was sent and not acknowledged may be stored or not.
    if (closed || (Objects.equals(now, placeStored) && Objects.equals(placeSent, placeStored))) {
      return null;
    }
    placeSent = now;
    return new Flush.Place(turn, attempt, now);
  }

  /** What was sent is stored. */
  synchronized void acknowledge() {
    if (cut != null) {
      acknowledged = cut.seqTo();
      cut = null;
    }
    placeStored = placeSent;
  }

  /**
   * Whether something is stored, or on its way, that a takeover is not known to build on (T-30).
   */
  synchronized boolean isUnconfirmed() {
    return !closed && (cut != null || acknowledged > confirmed);
  }

  /**
   * All that is acknowledged counts, whoever goes on with the turn.
   *
   * @return the last seq of it
   */
  synchronized int confirm() {
    confirmed = acknowledged;
    return confirmed;
  }

  /** Bytes of text not known to be stored. */
  synchronized int unflushedBytes() {
    return closed ? 0 : transcript.end(transcript.last()) - transcript.end(acknowledged);
  }

  /** The rows that are missing, for finish to store; nothing is cut here any more. */
  synchronized List<LogRow> close() {
    closed = true;
    var rows = new ArrayList<LogRow>(2);
    if (cut != null) {
      rows.add(cut);
    }
    var rest = row(cut == null ? acknowledged : cut.seqTo(), transcript.last(), Integer.MAX_VALUE);
    if (rest != null) {
      rows.add(rest);
    }
    return rows;
  }

  private @Nullable LogRow row(int after, int last, int maxBytes) {
    var to = last;
    while (to > after + 1 && transcript.end(to) - transcript.end(after) > maxBytes) {
      to--;
    }
    return to > after
        ? new LogRow(turn, attempt, after + 1, to, LogRow.Kind.DELTAS, array(after, to))
        : null;
  }

  /** A JSON array of one string per seq. */
  private String array(int after, int to) {
    var text = transcript.text();
    var from = transcript.end(after);
    var out = Buffer.buffer(transcript.end(to) - from + 4 * (to - after) + 2);
    for (var seq = after + 1; seq <= to; seq++) {
      var end = transcript.end(seq);
      out.appendByte((byte) (seq == after + 1 ? '[' : ','));
      JsonString.append(out, text, from, end);
      from = end;
    }
    return out.appendByte((byte) ']').toString(StandardCharsets.UTF_8);
  }
}
