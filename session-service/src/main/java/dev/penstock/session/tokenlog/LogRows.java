package dev.penstock.session.tokenlog;

import dev.penstock.contracts.log.LogRow;
import dev.penstock.session.database.Columns;
import java.util.List;
import java.util.UUID;

/**
 * Rows of the token log as the six array parameters of one statement's {@code unnest}, in the order
 * given.
 */
public final class LogRows {
  private final UUID[] turns;
  private final Integer[] attempts;
  private final Integer[] from;
  private final Integer[] to;
  private final String[] kinds;
  private final String[] data;

  private LogRows(int size) {
    turns = new UUID[size];
    attempts = new Integer[size];
    from = new Integer[size];
    to = new Integer[size];
    kinds = new String[size];
    data = new String[size];
  }

  /** The columns of {@code rows}. */
  public static LogRows of(List<LogRow> rows) {
    var columns = new LogRows(rows.size());
    for (var i = 0; i < rows.size(); i++) {
      var row = rows.get(i);
      columns.turns[i] = row.turnId();
      columns.attempts[i] = row.attempt();
      columns.from[i] = row.seqFrom();
      columns.to[i] = row.seqTo();
      columns.kinds[i] = row.kind().wire();
      columns.data[i] = row.data();
    }
    return columns;
  }

  /** Column {@code turn_id}. */
  public Object turns() {
    return turns;
  }

  /** Column {@code attempt}. */
  public Object attempts() {
    return attempts;
  }

  /** Column {@code seq_from}. */
  public Object from() {
    return from;
  }

  /** Column {@code seq_to}. */
  public Object to() {
    return to;
  }

  /** Column {@code kind}. */
  public Object kinds() {
    return kinds;
  }

  /** Column {@code data}. */
  public Object data() {
    return data;
  }

  /** Reads {@code attempt, seq_from, seq_to, kind, data} of a turn. */
  public static LogRow read(UUID turn, Columns in) {
    return new LogRow(
        turn, in.integer(), in.integer(), in.integer(), in.word(LogRow.Kind.class), in.text());
  }
}
