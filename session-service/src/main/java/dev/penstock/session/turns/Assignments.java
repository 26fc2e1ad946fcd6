package dev.penstock.session.turns;

import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.session.database.Columns;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts together what the owner of a stored turn needs to generate it. */
final class Assignments {
  private Assignments() {}

  /** Runs a statement. */
  interface Query {
    RowSet<Row> run(String sql, @Nullable Object... arguments);
  }

  /**
   * The assignment.
   *
   * @param continued the turn it goes on with, if it does
   */
  static Accept.Assignment of(StoredTurn stored, Query query, Optional<StoredTurn> continued) {
    var turn = stored.turn();
    var given = Given.read(query.run(Given.SELECT, stored.tenant(), stored.inputMessageId()));
    var history = History.of(before(stored, query), stored.inputOrdinal(), Given.bytes(given));
    var prefix =
        continued.map(earlier -> earlier.turn().output()).map(Turn.Output::text).orElse(null);
    return new Accept.Assignment(
        turn,
        history.prompt(stored.instruction(), given, prefix),
        prefix,
        stored.tenant(),
        stored.person());
  }

  private static List<History.Entry> before(StoredTurn stored, Query query) {
    var turn = stored.turn();
    if (turn.sessionId() != null) {
      return entries(query, History.OF_SESSION, stored.tenant(), turn.sessionId());
    }
    return turn.parent() == null
        ? List.of()
        : entries(query, History.UP_TO_TURN, stored.tenant(), turn.parent());
  }

  private static List<History.Entry> entries(Query query, String sql, String tenant, UUID id) {
    return Columns.first(query.run(sql, tenant, id)).map(History::read).orElse(List.of());
  }
}
