package dev.penstock.session.tokenlog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.Stretch;
import dev.penstock.contracts.turn.TurnText;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the text of a turn back from the log (turns.md T-12). */
public final class StoredLog {
  private static final String TEXT_ROWS =
      """
      SELECT attempt, seq_from, seq_to, kind, data FROM token_log
      WHERE turn_id = $1 AND kind <> 'terminal'
      ORDER BY attempt, seq_to
      """;

  private final Database database;

  public StoredLog(Database database) {
    this.database = database;
  }

  /**
   * The text so far.
   *
   * @param bases as stored; those from the first unknown one on are left out
   */
  public TurnText text(UUID turn, List<@Nullable Integer> bases) {
    var stretches = new ArrayList<Stretch>();
    for (var row : database.run(TEXT_ROWS, turn)) {
      stretches.add(stretch(LogRows.read(turn, new Columns(row))));
    }
    var known = bases.stream().takeWhile(Objects::nonNull).map(Objects::requireNonNull).toList();
    return TurnText.of(stretches, new Bases(known));
  }

  private static Stretch stretch(LogRow row) {
    var texts =
        row.kind() == LogRow.Kind.SNAPSHOT
            ? List.of(Wire.decode(row.data(), JsonNode.class).path("text").asText())
            : List.of(Wire.decode(row.data(), String[].class));
    return new Stretch(row.attempt(), row.seqFrom(), texts);
  }
}
