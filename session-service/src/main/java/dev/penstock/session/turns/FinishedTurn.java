package dev.penstock.session.turns;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.Columns;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn that a finish did not match: fenced, unless it is that very finish come again (turns.md
 * T-15).
 *
 * @param continues begins with a stored prefix
 * @param finishedAt null while it is not final
 */
record FinishedTurn(
    int attempt,
    boolean continues,
    @Nullable String sha256,
    @Nullable UUID outputMessageId,
    @Nullable Instant finishedAt,
    Ending ending) {

  /** {@code $1} turn. */
  static final String SELECT =
      """
      SELECT turn.attempt, turn.continues IS NOT NULL, turn.sha256, turn.output_message_id,
        turn.finished_at, turn.state, turn.finish_reason, turn.usage::text, turn.timings::text, turn.error::text,
        output.tool_calls::text
      FROM turn LEFT JOIN message AS output ON output.id = turn.output_message_id
      WHERE turn.id = $1
      """;

  static FinishedTurn read(Columns in) {
    return new FinishedTurn(
        in.integer(),
        in.flag(),
        in.textOrNull(),
        in.uuidOrNull(),
        in.instantOrNull(),
        new Ending(
            in.word(TurnState.class),
            in.wordOrNull(FinishReason.class),
            in.jsonOrNull(Usage.class),
            in.jsonOrNull(Timings.class),
            in.jsonOrNull(Turn.Problem.class),
            StoredMessages.calls(in.textOrNull())));
  }

  /** Own attempt and same SHA-256 is success, anything else means fenced. */
  Finish.Result answer(Finish finish) {
    return finishedAt != null && attempt == finish.attempt() && finish.sha256().equals(sha256)
        ? new Finish.Result.Committed(ending.event(outputMessageId, finish.sha256()), finishedAt)
        : new Finish.Result.Fenced();
  }
}
