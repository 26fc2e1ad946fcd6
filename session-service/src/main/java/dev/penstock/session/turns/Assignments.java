package dev.penstock.session.turns;

import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.session.database.Columns;
import java.util.List;
import java.util.Optional;

/** Puts together what the owner of a stored turn needs to generate it. */
final class Assignments {
  private Assignments() {}

  /**
   * The assignment.
   *
   * @param history a row of {@link History#SELECT}; empty for a turn without session
   * @param continued the turn it goes on with, if it does
   */
  static Accept.Assignment of(
      StoredTurn stored, Optional<Columns> history, Optional<StoredTurn> continued) {
    var turn = stored.turn();
    var question = turn.input().text();
    var entries = history.map(History::read).orElse(List.of());
    var prefix =
        continued.map(earlier -> earlier.turn().output()).map(Turn.Output::text).orElse(null);
    return new Accept.Assignment(
        turn,
        History.of(entries, stored.inputOrdinal(), NewTurn.utf8Bytes(question))
            .prompt(stored.instruction(), question, prefix),
        prefix);
  }
}
