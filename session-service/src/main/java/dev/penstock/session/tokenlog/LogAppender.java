package dev.penstock.session.tokenlog;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores what an instance's turns gained since its last flush (turns.md T-10). */
public final class LogAppender {
  // Rows of turns whose partition is gone, or whose id no clock of ours made, could fail the flush
  // of every other turn; they are of no use to anybody.
  //
  // Only the first rows of a turn look the turn up: at every flush that costs 4 ms per 1,000 turns.
  // A continuation's first own row is the second one.
  private static final String APPEND =
      """
      WITH given AS (
        SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::text[])
          AS r (turn_id, attempt, seq_from, seq_to, kind, data)
        WHERE turn_id >= uuid7_floor(clock_timestamp() - interval '2 hours')
          AND turn_id < uuid7_floor(clock_timestamp() + interval '1 hour')
      ), stored AS (
        INSERT INTO token_log (turn_id, attempt, seq_from, seq_to, kind, data)
        SELECT turn_id, attempt, seq_from, seq_to, kind, data FROM given
        ON CONFLICT DO NOTHING
      ), begun AS (
        UPDATE turn SET state = 'streaming', queue = NULL
        FROM (SELECT DISTINCT turn_id, attempt FROM given WHERE seq_from <= 2) AS first
        WHERE turn.id = first.turn_id AND turn.attempt = first.attempt AND turn.state = 'accepted'
      )
      UPDATE turn SET queue = place.place::jsonb
      FROM unnest($7::uuid[], $8::int[], $9::text[]) AS place (turn_id, attempt, place)
      WHERE turn.id = place.turn_id AND turn.attempt = place.attempt AND turn.state = 'accepted'
        AND NOT EXISTS (SELECT FROM given WHERE given.turn_id = place.turn_id)
      """;

  // After the append has committed, never in its snapshot: a claim that this does not see reads its
  // base later, and with it all that was appended.
  private static final String CONFIRM =
      """
      SELECT turn.id
      FROM unnest($1::uuid[], $2::int[]) AS asked (turn_id, attempt)
      JOIN turn ON turn.id = asked.turn_id AND turn.attempt = asked.attempt
      """;

  private final Database log;

  public LogAppender(Database log) {
    this.log = log;
  }

  /**
   * Appends in one statement; rows that are there already stay as they are.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request} for a row that
   *     is no row
   */
  public void append(Flush flush) {
    for (var row : flush.rows()) {
      if (row.seqFrom() < 1 || row.seqTo() < row.seqFrom() || row.attempt() < 1) {
        throw Failure.of(FailureCode.INVALID_REQUEST, "A log row's bounds are not in order.")
            .asException();
      }
    }
    var rows = LogRows.of(flush.rows());
    var places = flush.places();
    var turns = new UUID[places.size()];
    var attempts = new Integer[places.size()];
    var queued = new @Nullable String[places.size()];
    for (var i = 0; i < places.size(); i++) {
      var place = places.get(i);
      turns[i] = place.turnId();
      attempts[i] = place.attempt();
      queued[i] = place.place() == null ? null : Wire.text(place.place());
    }
    log.run(
        APPEND,
        rows.turns(),
        rows.attempts(),
        rows.from(),
        rows.to(),
        rows.kinds(),
        rows.data(),
        turns,
        attempts,
        queued);
  }

  /**
   * Which of these turns are still in that attempt. Call once what they stored has committed
   * (turns.md T-30).
   */
  public Flush.Confirmed confirm(List<Flush.Confirm> asked) {
    var turns = new UUID[asked.size()];
    var attempts = new Integer[asked.size()];
    for (var i = 0; i < asked.size(); i++) {
      turns[i] = asked.get(i).turnId();
      attempts[i] = asked.get(i).attempt();
    }
    var confirmed = new ArrayList<UUID>();
    for (var row : log.run(CONFIRM, turns, attempts)) {
      confirmed.add(new Columns(row).uuid());
    }
    return new Flush.Confirmed(confirmed);
  }
}
