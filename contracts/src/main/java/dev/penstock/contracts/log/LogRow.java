package dev.penstock.contracts.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.penstock.contracts.turn.Stretch;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import java.util.UUID;

/**
 * A row of the token log (turns.md T-10). Once cut it keeps its bounds and is resent unchanged
 * until acknowledged.
 *
 * @param seqFrom first seq of the row; equal to {@code seqTo} unless deltas
 * @param data JSON text: an array of strings, one per seq, for deltas; {@code
 *     {"text":…,"reason":…}} for a snapshot; a {@code TerminalEvent} for terminal
 */
public record LogRow(UUID turnId, int attempt, int seqFrom, int seqTo, Kind kind, String data) {
  /** A row of deltas, the first of which has the number {@code seqFrom}. */
  public static LogRow deltas(UUID turnId, int attempt, int seqFrom, List<String> texts) {
    var data = new StringBuilder("[");
    for (var text : texts) {
      JsonString.append(data.length() > 1 ? data.append(',') : data, text);
    }
    var seqTo = seqFrom + texts.size() - 1;
    return new LogRow(turnId, attempt, seqFrom, seqTo, Kind.DELTAS, data.append(']').toString());
  }

  /** The row a continued answer begins with: the text it goes on from (T-12). */
  public static LogRow snapshot(UUID turnId, int attempt, int seq, String prefix) {
    var data = Wire.text(new Snapshot(prefix, "continue"));
    return new LogRow(turnId, attempt, seq, seq, Kind.SNAPSHOT, data);
  }

  /** The turn's last row. */
  public static LogRow terminal(UUID turnId, int attempt, int seq, TerminalEvent event) {
    return new LogRow(turnId, attempt, seq, seq, Kind.TERMINAL, Wire.text(event));
  }

  /**
   * The numbers and texts of the row's events.
   *
   * @throws Wire.MalformedWireException if the data is not what its kind says
   * @throws IllegalArgumentException if the row holds another number of events than its bounds say
   */
  public Stretch stretch() {
    var texts =
        switch (kind) {
          case DELTAS -> List.of(Wire.decode(data, String[].class));
          case SNAPSHOT -> List.of(Wire.decode(data, Snapshot.class).text());
          case TERMINAL -> List.of("");
        };
    if (texts.size() != seqTo - seqFrom + 1) {
      throw new IllegalArgumentException(
          "a row of seq %d to %d with %d events".formatted(seqFrom, seqTo, texts.size()));
    }
    return new Stretch(attempt, seqFrom, texts);
  }

  /**
   * The event of a terminal row.
   *
   * @throws Wire.MalformedWireException if the data is none
   */
  public TerminalEvent terminalEvent() {
    return Wire.decode(data, TerminalEvent.class);
  }

  private record Snapshot(String text, String reason) {}

  /** What the row holds. */
  public enum Kind {
    @JsonProperty("deltas")
    DELTAS,
    @JsonProperty("snapshot")
    SNAPSHOT,
    @JsonProperty("terminal")
    TERMINAL;

    /** The word in JSON and in the database. */
    public String wire() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * The kind of that word.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind of(String wire) {
      return valueOf(wire.toUpperCase(java.util.Locale.ROOT));
    }
  }
}
