package dev.penstock.session.turns;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.database.TenantDatabase.Statement;
import dev.penstock.session.state.StateChanges;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn about to be stored, with everything decided (turns.md T-3).
 *
 * @param basis the earlier turn it answers again or goes on with; null for new input
 * @param given what it answers: its own input, or the earlier turn's
 */
record NewTurn(
    Place place,
    Accept accept,
    @Nullable Basis basis,
    Resolution resolution,
    History history,
    List<ChatMessage> given) {

  private static final int TITLE_CODE_POINTS = 60;

  // $1 tenant, $2 key, $3 hash, $4 session or null, $5 turn, $6 the input's main message, $7
  // ordinal, $8 now, $9 to $27 columns of the turn, $28 to $34 columns of its messages.
  private static final String INSERT =
      """
      ), key AS (
        INSERT INTO request_key (tenant_id, client_key, req_hash, session_id, turn_id)
        SELECT tenant_id, $2, $3, $4, $5 FROM changed
      ), question AS (
        INSERT INTO message (id, tenant_id, session_id, turn_id, ordinal, role, text, tool_calls,
          tool_call_id, tool_name, extra, created_at)
        SELECT said.id, changed.tenant_id, $4, $5, $7::int + said.nth::int - 1, said.role,
          said.text, said.calls::jsonb, said.call_id, said.tool, said.extra::jsonb, $8
        FROM changed, unnest($28::uuid[], $29::text[], $30::text[], $31::text[], $32::text[],
          $33::text[], $34::text[]) WITH ORDINALITY
          AS said (id, role, text, calls, call_id, tool, extra, nth)
      )
      INSERT INTO turn (id, tenant_id, session_id, ordinal, bases, input_message_id, created_at,
        history_from, owner_id, deadline, model, agent, instruction, options, on_disconnect,
        disconnect_grace_ms, regenerates, continues, warnings, prompt_bytes, inputs, form, extra,
        parent_turn_id, person, trace_context)
      SELECT $5, tenant_id, $4, $7, '{0}', $6, $8,
        $9, $10, $11, $12, $13, $14, $15::text::jsonb, $16,
        $17, $18, $19, $20::text::jsonb, $21, $22, $23::text::jsonb, $24::text::jsonb,
        $25, $26, $27
      FROM changed
      RETURNING id
      """;

  // The session first: it is locked by its own change, and unless it is what we looked at nothing
  // happens and no row is returned. A key that is taken fails the whole.
  private static final String IN_SESSION =
      """
      WITH changed AS (
        UPDATE session
        SET version = version + 1, active_turn_id = $5, last_turn_id = $5,
          next_ordinal = $7::int + $22::int + 1, history_from = $9,
          message_count = message_count + $36, title = coalesce(title, $35),
          updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $4 AND version = $37 AND active_turn_id IS NULL
          AND deleted_at IS NULL
        RETURNING tenant_id
      ), restored AS (
        UPDATE message SET withdrawn = false FROM changed
        WHERE cardinality($28::uuid[]) = 0 AND message.tenant_id = changed.tenant_id
          AND message.withdrawn AND message.session_id = $4 AND message.answers IS NULL
          AND message.turn_id = (SELECT main.turn_id FROM message AS main WHERE main.id = $6)
      """
          + INSERT;

  private static final String CHAINED = "WITH changed AS (SELECT $1::text AS tenant_id" + INSERT;

  private static final String STORE_PREFIX =
      """
      INSERT INTO token_log (turn_id, attempt, seq_from, seq_to, kind, data)
      SELECT id, 1, 1, 1, 'snapshot', $3 FROM turn WHERE tenant_id = $1 AND id = $2
      """;

  /**
   * Where it goes.
   *
   * @param person whose it is, where there is no session to say so
   * @param session null for a turn without one
   */
  record Place(
      String tenant,
      @Nullable String person,
      @Nullable AskedSession session,
      UUID turn,
      UUID message,
      int ordinal,
      Instant now) {}

  /**
   * The turn it is on.
   *
   * @param given what that one answered
   */
  record Basis(StoredTurn turn, List<ChatMessage> given) {}

  /** Data of a snapshot row. */
  private record Snapshot(String text, String reason) {}

  /** What the answer begins with; null unless a turn is continued. */
  @Nullable String prefix() {
    return earlier(Accept.Basis.CONTINUE) != null
            && basis != null
            && basis.turn.turn().output() != null
        ? basis.turn.turn().output().text()
        : null;
  }

  /**
   * Stores it, in one transaction.
   *
   * @return false if the session is no longer what was looked at
   */
  boolean store(TenantDatabase foreground) {
    var tenant = place.tenant;
    var sql = place.session == null ? CHAINED : IN_SESSION;
    var prefix = prefix();
    var change = accept.stateChange();
    if (prefix == null && change == null) {
      return foreground.run(tenant, sql, arguments()).size() == 1;
    }
    var statements = new ArrayList<Statement>();
    statements.add(Statement.of(sql, arguments()));
    if (prefix != null) {
      var snapshot = Wire.text(new Snapshot(prefix, "continue"));
      statements.add(Statement.of(STORE_PREFIX, tenant, place.turn, snapshot));
    }
    if (change != null) {
      statements.add(StateChanges.withTurn(tenant, place.turn, change));
    }
    return foreground.runAll(tenant, statements).size() == 1;
  }

  private @Nullable Object[] arguments() {
    var said = StoredMessages.Arrays.of(accept.input());
    var session = place.session;
    var arguments =
        new @Nullable Object[] {
          place.tenant,
          accept.clientKey(),
          accept.requestHash(),
          session == null ? null : session.id(),
          place.turn,
          mainId(),
          place.ordinal,
          place.now.atOffset(ZoneOffset.UTC),
          history.from(),
          accept.instance(),
          deadline().atOffset(ZoneOffset.UTC),
          resolution.model(),
          resolution.agent(),
          resolution.instruction(),
          Wire.text(resolution.options()),
          Columns.wordOf(accept.terms().onDisconnect()),
          accept.terms().disconnectGraceMs(),
          earlier(Accept.Basis.REGENERATE),
          earlier(Accept.Basis.CONTINUE),
          Wire.text(resolution.warnings()),
          history.bytes(),
          inputs(),
          resolution.form().equals(AnswerForm.PLAIN) ? null : Wire.text(resolution.form()),
          accept.extra() == null ? null : Wire.text(accept.extra()),
          parent(),
          session == null ? place.person : null,
          accept.trace(),
          messageIds(),
          said.roles(),
          said.texts(),
          said.calls(),
          said.callIds(),
          said.tools(),
          said.extras()
        };
    if (session == null) {
      return arguments;
    }
    var all = Arrays.copyOf(arguments, arguments.length + 3);
    all[arguments.length] = title(session);
    all[arguments.length + 1] = added();
    all[arguments.length + 2] = session.version();
    return all;
  }

  /** What the owner gets once it is stored. */
  Accept.Assignment assignment() {
    return new Accept.Assignment(
        turn(),
        history.prompt(resolution.instruction(), given, prefix()),
        prefix(),
        place.tenant,
        place.session == null ? place.person : place.session.person());
  }

  private Turn turn() {
    return new Turn(
        place.turn,
        place.session == null ? null : place.session.id(),
        TurnState.ACCEPTED,
        1,
        Arrays.asList(0),
        prefix() == null ? 0 : 1,
        accept.instance(),
        true,
        false,
        resolution.model(),
        resolution.agent(),
        resolution.options(),
        accept.terms().onDisconnect(),
        accept.terms().disconnectGraceMs(),
        earlier(Accept.Basis.REGENERATE),
        earlier(Accept.Basis.CONTINUE),
        parent(),
        resolution.form(),
        accept.extra(),
        resolution.warnings(),
        new Turn.Input(mainId(), question()),
        null,
        null,
        null,
        null,
        deadline(),
        place.now,
        null,
        accept.trace());
  }

  private Instant deadline() {
    return place.now.plusMillis(accept.terms().deadlineMs());
  }

  private int inputs() {
    return Math.max(1, accept.input().size());
  }

  private int added() {
    if (basis == null) {
      return accept.input().size();
    }
    return basis.turn.withdrawn() ? basis.given.size() : 0;
  }

  private UUID mainId() {
    return basis == null ? place.message : basis.turn.inputMessageId();
  }

  private UUID[] messageIds() {
    var ids = new UUID[accept.input().size()];
    var main = main(accept.input());
    for (var i = 0; i < ids.length; i++) {
      ids[i] = i == main ? place.message : MessageId.fresh();
    }
    return ids;
  }

  /**
   * The message that stands for the input where only one can: the last of the user, else the last.
   */
  private static int main(List<MessageDraft> input) {
    for (var i = input.size() - 1; i >= 0; i--) {
      if (input.get(i).said().role() == Role.USER) {
        return i;
      }
    }
    return input.size() - 1;
  }

  private String question() {
    return basis == null
        ? accept.input().get(main(accept.input())).said().text()
        : basis.turn.turn().input().text();
  }

  private @Nullable UUID earlier(Accept.Basis kind) {
    return accept.place() instanceof Accept.Place.OnTurn(var how, var turn) && how == kind
        ? turn
        : null;
  }

  private @Nullable UUID parent() {
    return accept.place() instanceof Accept.Place.Chained(var parent) ? parent : null;
  }

  private @Nullable String title(AskedSession session) {
    if (session.title() != null || session.lastTurn() != null) {
      return null;
    }
    var text = question();
    var codePoints = Math.min(TITLE_CODE_POINTS, text.codePointCount(0, text.length()));
    return text.substring(0, text.offsetByCodePoints(0, codePoints));
  }
}
