package dev.penstock.session.turns;

import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.turn.TurnStep;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.tokenlog.LogRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ends turns: the last deltas, the terminal row, the answer's message, the state and the session in
 * one statement, fenced by the attempt (turns.md T-13, T-15, T-16, T-18).
 */
public final class TurnFinisher {
  // Whatever may be interrupted may end in any other way.
  // The session's lock comes before the turn's (T-3). A turn without session needs none.
  private static final String ENDS =
      """
      turn.id = $1 AND turn.attempt = $2 AND %s
        AND (turn.session_id IS NULL OR EXISTS (SELECT FROM locked))
      """;

  private static final String LOCKED =
      """
      WITH locked AS MATERIALIZED (
        SELECT id FROM session
        WHERE id = (SELECT session_id FROM turn WHERE turn.id = $1)
        FOR NO KEY UPDATE
      ), ended AS (
      """;

  // $1 turn, $2 attempt, $3 state, $4 last seq, $5 finish reason, $6 usage, $7 timings, $8 error,
  // $9 sha256, $10 to $15 log rows, $16 answer's id or null, $17 answer, $18 status,
  // $19 calls, $20 warnings
  // Only a turn on an earlier one looks for that one's answer.
  private static final String FINISH =
      LOCKED
          + """
          UPDATE turn
          SET state = $3, last_seq = $4, finish_reason = $5, usage = $6::text::jsonb,
            timings = $7::text::jsonb, error = $8::text::jsonb, sha256 = $9,
            output_message_id = $16, queue = NULL, finished_at = clock_timestamp(),
            warnings = warnings || $20::text::jsonb
          WHERE %s
          RETURNING id, tenant_id, session_id, ordinal + inputs AS answer_ordinal,
            input_message_id, model, finished_at,
            coalesce(regenerates, continues) IS NOT NULL AS on_earlier
          ), logged AS (
            INSERT INTO token_log (turn_id, attempt, seq_from, seq_to, kind, data)
            SELECT r.* FROM ended, unnest($10::uuid[], $11::int[], $12::int[], $13::int[],
              $14::text[], $15::text[]) AS r (turn_id, attempt, seq_from, seq_to, kind, data)
            ON CONFLICT DO NOTHING
          ), replaced AS (
            UPDATE message SET superseded = true FROM ended
            WHERE ended.on_earlier AND $16::uuid IS NOT NULL
              AND message.tenant_id = ended.tenant_id AND message.session_id = ended.session_id
              AND message.answers = ended.input_message_id AND NOT message.superseded
            RETURNING message.id
          ), answer AS (
            INSERT INTO message (id, tenant_id, session_id, turn_id, ordinal, role, text, model,
              status, finish_reason, usage, answers, tool_calls)
            SELECT $16::uuid, tenant_id, session_id, id, answer_ordinal, 'assistant', $17, model,
              $18, $5, $6::text::jsonb, input_message_id, $19::text::jsonb
            FROM ended WHERE $16::uuid IS NOT NULL
            RETURNING id
          ), freed AS (
            UPDATE session
            SET version = version + 1, active_turn_id = NULL, updated_at = clock_timestamp(),
              message_count = message_count + (SELECT count(*)::int FROM answer)
                - (SELECT count(*)::int FROM replaced)
            FROM ended
            WHERE session.tenant_id = ended.tenant_id AND session.id = ended.session_id
          )
          SELECT finished_at FROM ended
          """
              .formatted(ENDS.formatted(Legal.step(TurnStep.INTERRUPT)));

  // A message that another turn, not refused, stands on stays where it is.
  private static final String REFUSE =
      LOCKED
          + """
          UPDATE turn
          SET state = 'failed', refused = true, last_seq = $3, error = $4::text::jsonb, sha256 = $5,
            queue = NULL, finished_at = clock_timestamp()
          WHERE %s
          RETURNING id, tenant_id, session_id, input_message_id, finished_at
          ), logged AS (
            INSERT INTO token_log (turn_id, attempt, seq_from, seq_to, kind, data)
            SELECT id, $2, $3, $3, 'terminal', $6 FROM ended
            ON CONFLICT DO NOTHING
          ), withdrawn AS (
            UPDATE message SET withdrawn = true FROM ended
            WHERE message.tenant_id = ended.tenant_id AND NOT message.withdrawn AND %s
              AND NOT EXISTS (
                SELECT FROM turn AS other
                WHERE other.tenant_id = ended.tenant_id AND other.session_id = ended.session_id
                  AND other.input_message_id = ended.input_message_id
                  AND other.id <> ended.id AND NOT other.refused)
            RETURNING message.id
          ), freed AS (
            UPDATE session
            SET version = version + 1, active_turn_id = NULL, updated_at = clock_timestamp(),
              message_count = message_count - (SELECT count(*)::int FROM withdrawn)
            FROM ended
            WHERE session.tenant_id = ended.tenant_id AND session.id = ended.session_id
          )
          SELECT finished_at FROM ended
          """
              .formatted(ENDS.formatted(Legal.step(TurnStep.REFUSE)), Given.OF.formatted("ended"));

  private final Database database;

  public TurnFinisher(Database database) {
    this.database = database;
  }

  /**
   * Ends the turn, or says that another attempt has.
   *
   * @throws FailureException {@code not_found} for an unknown turn, {@code invalid_request} for
   *     rows that are not this attempt's
   */
  public Finish.Result finish(UUID id, Finish finish) {
    for (var row : finish.rows()) {
      if (!row.turnId().equals(id) || row.attempt() != finish.attempt()) {
        throw Bodies.invalid("A log row is another turn's or attempt's.");
      }
    }
    var ending = Ending.of(finish.outcome());
    var refuses = ending.refusesAtTheDoor() && nothingGenerated(id, finish);
    var silent = finish.text().isEmpty() && ending.toolCalls().isEmpty();
    var messageId = refuses || silent ? null : MessageId.fresh();
    var event = ending.event(messageId, finish.sha256());
    var ended =
        refuses ? refuse(id, finish, ending, event) : write(id, finish, ending, event, messageId);
    return ended
        .<Finish.Result>map(at -> new Finish.Result.Committed(event, at))
        .orElseGet(() -> look(id).answer(finish));
  }

  // The prefix of a continuation is the earlier turn's, not this one's.
  private boolean nothingGenerated(UUID id, Finish finish) {
    return finish.text().isEmpty()
        || (finish.rows().isEmpty() && finish.terminalSeq() == 2 && look(id).continues());
  }

  private FinishedTurn look(UUID id) {
    return Columns.first(database.run(FinishedTurn.SELECT, id))
        .map(FinishedTurn::read)
        .orElseThrow(Bodies::notFound);
  }

  private Optional<Instant> write(
      UUID id, Finish finish, Ending ending, TerminalEvent event, @Nullable UUID messageId) {
    var seq = finish.terminalSeq();
    var rows = new ArrayList<>(finish.rows());
    rows.add(new LogRow(id, finish.attempt(), seq, seq, LogRow.Kind.TERMINAL, Wire.text(event)));
    var log = LogRows.of(rows);
    var written =
        database.run(
            FINISH,
            id,
            finish.attempt(),
            ending.state().wire(),
            seq,
            ending.finishReason() == null ? null : Columns.wordOf(ending.finishReason()),
            jsonOrNull(ending.usage()),
            jsonOrNull(ending.timings()),
            jsonOrNull(ending.error()),
            finish.sha256(),
            log.turns(),
            log.attempts(),
            log.from(),
            log.to(),
            log.kinds(),
            log.data(),
            messageId,
            finish.text(),
            ending.state() == TurnState.COMPLETED ? "complete" : "partial",
            StoredMessages.calls(ending.toolCalls()),
            Wire.text(finish.warnings()));
    return Columns.first(written).map(Columns::instant);
  }

  private Optional<Instant> refuse(UUID id, Finish finish, Ending ending, TerminalEvent event) {
    var written =
        database.run(
            REFUSE,
            id,
            finish.attempt(),
            finish.terminalSeq(),
            jsonOrNull(ending.error()),
            finish.sha256(),
            Wire.text(event));
    return Columns.first(written).map(Columns::instant);
  }

  private static @Nullable String jsonOrNull(@Nullable Object value) {
    return value == null ? null : Wire.text(value);
  }
}
