package dev.penstock.session.turns;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.session.database.Columns;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;

/** What a stored turn answers: its own input, or that of the earlier turn it is on. */
final class Given {
  /** {@code $1} tenant, {@code $2} any message of the input. */
  static final String SELECT =
      """
      SELECT said.role, said.text, said.tool_calls::text, said.tool_call_id, said.tool_name
      FROM message AS main
      JOIN message AS said ON said.turn_id = main.turn_id
        AND (said.session_id = main.session_id
          OR said.session_id IS NULL AND main.session_id IS NULL)
      WHERE main.tenant_id = $1 AND main.id = $2 AND said.tenant_id = $1
        AND said.answers IS NULL AND NOT said.removed
      ORDER BY said.ordinal
      """;

  /** Whether a row of {@code message} is of the input of a turn's row, called as given. */
  static final String OF =
      """
      message.answers IS NULL
        AND (message.session_id = %1$s.session_id
          OR message.session_id IS NULL AND %1$s.session_id IS NULL)
        AND message.turn_id = (
          SELECT main.turn_id FROM message AS main WHERE main.id = %1$s.input_message_id)
      """;

  private Given() {}

  /** Reads the rows. */
  static List<ChatMessage> read(RowSet<Row> rows) {
    var given = new ArrayList<ChatMessage>(rows.size());
    for (var row : rows) {
      var in = new Columns(row);
      given.add(
          StoredMessages.said(
              in.word(Role.class), in.text(), in.textOrNull(), in.textOrNull(), in.textOrNull()));
    }
    return given;
  }

  /** Length of what goes to the model. */
  static long bytes(List<ChatMessage> given) {
    return given.stream().mapToLong(StoredMessages::bytes).sum();
  }
}
