package dev.penstock.session.adk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.session.AgentSession.Answered;
import dev.penstock.contracts.session.AgentSession.Entry;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.messages.Messages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All that a session's events are made of, in its order. */
final class Entries {
  private static final String TURN =
      "turn.id, turn.state, turn.error::text, turn.agent, turn.extra::text, turn.finished_at";

  // $1 tenant, $2 session
  private static final String SAID =
      """
      SELECT message.ordinal, %s, message.extra::text, %s
      FROM message LEFT JOIN turn ON turn.tenant_id = $1 AND turn.id = message.turn_id
      WHERE message.tenant_id = $1 AND message.session_id = $2 AND NOT message.withdrawn
        AND NOT message.superseded AND NOT message.removed
      """
          .formatted(Messages.COLUMNS, TURN);

  private static final String UNANSWERED =
      """
      SELECT turn.ordinal + turn.inputs, %s, coalesce(turn.finished_at, turn.created_at) FROM turn
      WHERE turn.tenant_id = $1 AND turn.session_id = $2 AND turn.output_message_id IS NULL
        AND turn.state IN ('failed', 'cancelled', 'interrupted') AND NOT turn.refused
        AND turn.deleted_at IS NULL
      """
          .formatted(TURN);

  private static final String KEPT =
      """
      SELECT ordinal, id, event::text, created_at FROM session_event
      WHERE tenant_id = $1 AND session_id = $2
      """;

  private final TenantDatabase foreground;

  private record Placed(int ordinal, Entry entry) {}

  Entries(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /** The entries of a session. */
  List<Entry> of(String tenant, UUID session) {
    var found = new ArrayList<Placed>();
    read(SAID, tenant, session, Entries::said, found);
    read(UNANSWERED, tenant, session, Entries::unanswered, found);
    read(KEPT, tenant, session, Entries::kept, found);
    found.sort(Comparator.comparingInt(Placed::ordinal));
    return found.stream().map(Placed::entry).toList();
  }

  private void read(
      String sql, String tenant, UUID session, Function<Columns, Entry> entry, List<Placed> into) {
    for (var row : foreground.run(tenant, sql, tenant, session)) {
      var in = new Columns(row);
      into.add(new Placed(in.integer(), entry.apply(in)));
    }
  }

  private static Entry said(Columns in) {
    return new Entry.Said(Messages.read(in), in.jsonOrNull(JsonNode.class), turn(in));
  }

  @SuppressWarnings("NullAway") // its rows are turns
  private static Entry unanswered(Columns in) {
    return new Entry.Unanswered(turn(in), in.instant());
  }

  private static Entry kept(Columns in) {
    return new Entry.Kept(in.uuid(), in.json(JsonNode.class), in.instant());
  }

  private static @Nullable Answered turn(Columns in) {
    var id = in.uuidOrNull();
    if (id == null) {
      return null;
    }
    return new Answered(
        id,
        in.word(TurnState.class),
        in.jsonOrNull(Turn.Problem.class),
        in.textOrNull(),
        in.jsonOrNull(JsonNode.class),
        in.instantOrNull());
  }
}
