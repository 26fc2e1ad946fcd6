package dev.penstock.session.messages;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Message;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.turns.StoredMessages;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Shown messages: those of refused turns are withdrawn, and of regenerated and continued answers
 * only the newest is there.
 */
public final class Messages {
  /** In the order {@link #read(Columns)} takes them. */
  public static final String COLUMNS =
      """
      message.id, message.session_id, message.turn_id, message.ordinal, message.role, message.text,
      message.model, message.status, message.finish_reason, message.usage::text,
      message.tool_calls::text, message.tool_call_id, message.tool_name, message.created_at
      """;

  /** Whether a row of {@code message} is shown. */
  public static final String SHOWN =
      "NOT message.withdrawn AND NOT message.superseded AND NOT message.removed";

  private static final String SELECT =
      """
      SELECT %s FROM message
      WHERE tenant_id = $1 AND session_id = $2 AND %s
      """
          .formatted(COLUMNS, SHOWN);

  private static final String RISING = SELECT + "AND ordinal > $3 ORDER BY ordinal LIMIT $4";
  private static final String FALLING = SELECT + "AND ordinal < $3 ORDER BY ordinal DESC LIMIT $4";

  private Messages() {}

  /** The messages behind {@code ordinal}, or before it where {@code descending}. */
  public static List<Message> read(
      TenantDatabase foreground,
      String tenant,
      UUID session,
      boolean descending,
      int ordinal,
      int limit) {
    var sql = descending ? FALLING : RISING;
    var rows = foreground.run(tenant, sql, tenant, session, ordinal, limit);
    var messages = new ArrayList<Message>(rows.size());
    for (var row : rows) {
      messages.add(read(new Columns(row)));
    }
    return messages;
  }

  /** Reads the {@link #COLUMNS} of a row. */
  public static Message read(Columns in) {
    return new Message(
        in.uuid(),
        in.uuidOrNull(),
        in.uuidOrNull(),
        in.integer(),
        in.word(Role.class),
        in.text(),
        in.textOrNull(),
        in.word(Message.Status.class),
        in.wordOrNull(FinishReason.class),
        in.jsonOrNull(Usage.class),
        StoredMessages.calls(in.textOrNull()),
        in.textOrNull(),
        in.textOrNull(),
        in.instant());
  }
}
