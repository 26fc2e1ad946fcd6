package dev.penstock.session.turns;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.Columns;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn with what only this service needs to know of it.
 *
 * @param turn as a gateway sees it
 * @param person whose it is inside the tenant; null where it is nobody's in particular
 * @param inputMessageId the input's main message, also while it is withdrawn
 * @param inputOrdinal that message's ordinal
 * @param refused refused at the door and not started over since
 * @param instruction system text the turn was accepted with
 * @param promptBytes UTF-8 length of what went to the model
 * @param young less than 15 minutes old (turns.md T-19)
 * @param overdue past its deadline
 */
public record StoredTurn(
    Turn turn,
    String tenant,
    @Nullable String person,
    int ordinal,
    UUID inputMessageId,
    int inputOrdinal,
    boolean withdrawn,
    boolean refused,
    @Nullable String instruction,
    long promptBytes,
    boolean young,
    boolean overdue) {

  private static final String SELECT =
      """
      SELECT turn.id, turn.session_id, turn.state, turn.attempt, turn.bases,
        coalesce(
          turn.last_seq,
          (SELECT max(seq_to) FROM token_log
            WHERE token_log.turn_id = turn.id AND token_log.attempt = turn.attempt),
          turn.bases[turn.attempt],
          0),
        turn.owner_id, coalesce(owner.lease_until > clock_timestamp(), false), turn.cancel,
        turn.model, turn.agent, turn.options::text, turn.on_disconnect, turn.disconnect_grace_ms,
        turn.regenerates, turn.continues, turn.parent_turn_id, turn.form::text, turn.extra::text,
        turn.warnings::text,
        input.withdrawn, input.id, input.text,
        output.id, output.text, turn.finish_reason, turn.usage::text, turn.sha256,
        output.tool_calls::text,
        turn.error::text, turn.queue::text, turn.timings::text,
        turn.deadline, turn.created_at, turn.finished_at, turn.trace_context,
        turn.tenant_id,
        coalesce(
          (SELECT session.person FROM session WHERE session.id = turn.session_id), turn.person),
        turn.ordinal, input.ordinal, turn.refused, turn.instruction,
        turn.prompt_bytes, turn.created_at > clock_timestamp() - interval '15 minutes',
        turn.deadline <= clock_timestamp()
      FROM turn
      JOIN message AS input ON input.id = turn.input_message_id
      LEFT JOIN message AS output ON output.id = turn.output_message_id AND NOT output.removed
      LEFT JOIN instance AS owner ON owner.id = turn.owner_id
      """;

  /**
   * Whether a row of {@code turn} is that caller's: {@code $1} tenant, {@code $2} person or null.
   */
  public static final String VISIBLE =
      """
      (turn.session_id IS NULL AND ($2::text IS NULL OR turn.person = $2)
        OR EXISTS (
          SELECT FROM session
          WHERE session.id = turn.session_id AND session.tenant_id = $1
            AND session.deleted_at IS NULL AND ($2::text IS NULL OR session.person = $2)))
      """;

  /** {@code $1} tenant, {@code $2} person or null, {@code $3} turn; what that caller may see. */
  static final String VISIBLE_BY_ID =
      SELECT
          + """
          WHERE turn.tenant_id = $1 AND turn.id = $3 AND turn.deleted_at IS NULL AND
          """
          + VISIBLE;

  /** {@code $1} turn, of whatever tenant; for the owner's side. */
  static final String BY_ID = SELECT + "WHERE turn.id = $1";

  /** {@code $1} tenant, {@code $2} session, {@code $3} ordinal, {@code $4} limit; rising. */
  static final String AFTER_ORDINAL =
      SELECT
          + """
          WHERE turn.tenant_id = $1 AND turn.session_id = $2 AND turn.ordinal > $3
            AND turn.deleted_at IS NULL
          ORDER BY turn.ordinal LIMIT $4
          """;

  /** As {@link #AFTER_ORDINAL}, falling. */
  static final String BEFORE_ORDINAL =
      SELECT
          + """
          WHERE turn.tenant_id = $1 AND turn.session_id = $2 AND turn.ordinal < $3
            AND turn.deleted_at IS NULL
          ORDER BY turn.ordinal DESC LIMIT $4
          """;

  /** Reads a row of any of these queries. */
  static StoredTurn read(Columns in) {
    var id = in.uuid();
    var session = in.uuidOrNull();
    var state = in.word(TurnState.class);
    var attempt = in.integer();
    var bases = in.integers();
    var lastSeq = in.integer();
    var owner = in.uuidOrNull();
    var ownerAlive = in.flag();
    var cancel = in.flag();
    var model = in.text();
    var agent = in.textOrNull();
    var options = in.json(GenerationOptions.class);
    var onDisconnect = in.word(OnDisconnect.class);
    var grace = in.number();
    var regenerates = in.uuidOrNull();
    var continues = in.uuidOrNull();
    var parent = in.uuidOrNull();
    var form = in.jsonOrNull(AnswerForm.class);
    var extra = in.jsonOrNull(JsonNode.class);
    var warnings = List.of(in.json(Turn.Warning[].class));
    var withdrawn = in.flag();
    var inputId = in.uuid();
    var input = new Turn.Input(withdrawn ? null : inputId, in.text());
    var output = output(in);
    var turn =
        new Turn(
            id,
            session,
            state,
            attempt,
            bases,
            lastSeq,
            state.isFinal() ? null : owner,
            !state.isFinal() && ownerAlive,
            cancel,
            model,
            agent,
            options,
            onDisconnect,
            grace,
            regenerates,
            continues,
            parent,
            form == null ? AnswerForm.PLAIN : form,
            extra,
            warnings,
            input,
            output,
            in.jsonOrNull(Turn.Problem.class),
            in.jsonOrNull(QueuePlace.class),
            in.jsonOrNull(Timings.class),
            in.instant(),
            in.instant(),
            in.instantOrNull(),
            in.textOrNull());
    return new StoredTurn(
        turn,
        in.text(),
        in.textOrNull(),
        in.integer(),
        inputId,
        in.integer(),
        withdrawn,
        in.flag(),
        in.textOrNull(),
        in.number(),
        in.flag(),
        in.flag());
  }

  private static Turn.@Nullable Output output(Columns in) {
    var id = in.uuidOrNull();
    var text = in.textOrNull();
    var finishReason = in.wordOrNull(FinishReason.class);
    var usage = in.jsonOrNull(Usage.class);
    var sha256 = in.textOrNull();
    var calls = StoredMessages.calls(in.textOrNull());
    return id == null || text == null || sha256 == null
        ? null
        : new Turn.Output(id, text, finishReason, usage, sha256, calls);
  }
}
