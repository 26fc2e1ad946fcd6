package dev.penstock.session.turns;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.database.TenantDatabase.Statement;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn about to be stored, with everything decided (turns.md T-3).
 *
 * @param basis the earlier turn it answers again or goes on with; null for a new question
 */
record NewTurn(
    String tenant,
    Accept accept,
    AskedSession session,
    @Nullable StoredTurn basis,
    Resolution resolution,
    History history) {

  private static final int TITLE_CODE_POINTS = 60;

  // The session first: it is locked by its own change, and unless it is what we looked at nothing
  // happens and no row is returned. A key that is taken fails the whole.
  private static final String INSERT =
      """
      WITH changed AS (
        UPDATE session
        SET version = version + 1, active_turn_id = $5, last_turn_id = $5,
          next_ordinal = next_ordinal + 2, history_from = $11,
          message_count = message_count + $25, title = coalesce(title, $12),
          updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND id = $4 AND version = $26 AND active_turn_id IS NULL
          AND deleted_at IS NULL
        RETURNING tenant_id
      ), key AS (
        INSERT INTO request_key (tenant_id, client_key, req_hash, session_id, turn_id)
        SELECT tenant_id, $2, $3, $4, $5 FROM changed
      ), question AS (
        INSERT INTO message (id, tenant_id, session_id, turn_id, ordinal, role, text, created_at)
        SELECT $6, tenant_id, $4, $5, $7, 'user', $8, $9 FROM changed WHERE $10::boolean
      ), restored AS (
        UPDATE message SET withdrawn = false FROM changed
        WHERE message.tenant_id = changed.tenant_id AND message.id = $6 AND NOT $10::boolean
          AND message.withdrawn
      )
      INSERT INTO turn (id, tenant_id, session_id, ordinal, bases, owner_id, deadline, model, agent,
        instruction, options, on_disconnect, disconnect_grace_ms, regenerates, continues, warnings,
        input_message_id, prompt_bytes, created_at)
      SELECT $5, tenant_id, $4, $7, '{0}', $13, $14, $15, $16, $17, $18::text::jsonb, $19, $20, $21,
        $22, $23::text::jsonb, $6, $24, $9
      FROM changed
      RETURNING id
      """;

  private static final String STORE_PREFIX =
      """
      INSERT INTO token_log (turn_id, attempt, seq_from, seq_to, kind, data)
      SELECT id, 1, 1, 1, 'snapshot', $3 FROM turn WHERE tenant_id = $1 AND id = $2
      """;

  /** Data of a snapshot row. */
  private record Snapshot(String text, String reason) {}

  /** What the answer begins with; null unless a turn is continued. */
  @Nullable String prefix() {
    return basis != null
            && basis.turn().output() != null
            && accept.basis() != null
            && accept.basis().kind() == Accept.Basis.Kind.CONTINUE
        ? basis.turn().output().text()
        : null;
  }

  /**
   * Stores it, in one transaction.
   *
   * @return false if the session is no longer what was looked at
   */
  boolean store(TenantDatabase foreground) {
    var prefix = prefix();
    if (prefix == null) {
      return foreground.run(tenant, INSERT, arguments()).size() == 1;
    }
    var snapshot = Wire.text(new Snapshot(prefix, "continue"));
    return foreground
            .runAll(
                tenant,
                List.of(
                    Statement.of(INSERT, arguments()),
                    Statement.of(STORE_PREFIX, tenant, session.freshTurn(), snapshot)))
            .size()
        == 1;
  }

  private @Nullable Object[] arguments() {
    return new @Nullable Object[] {
      tenant,
      accept.clientKey(),
      accept.requestHash(),
      session.id(),
      session.freshTurn(),
      questionId(),
      session.nextOrdinal(),
      question(),
      session.now().atOffset(ZoneOffset.UTC),
      basis == null,
      history.from(),
      title(),
      accept.instance(),
      session.now().plusMillis(accept.deadlineMs()).atOffset(ZoneOffset.UTC),
      resolution.model(),
      resolution.agent(),
      resolution.instruction(),
      Wire.text(resolution.options()),
      Columns.wordOf(accept.onDisconnect()),
      accept.disconnectGraceMs(),
      earlier(Accept.Basis.Kind.REGENERATE),
      earlier(Accept.Basis.Kind.CONTINUE),
      Wire.text(resolution.warnings()),
      history.bytes(),
      basis == null || basis.withdrawn() ? 1 : 0,
      session.version()
    };
  }

  /** What the owner gets once it is stored. */
  Accept.Assignment assignment() {
    return new Accept.Assignment(turn(), prompt(), prefix());
  }

  private List<ChatMessage> prompt() {
    return history.prompt(resolution.instruction(), question(), prefix());
  }

  private Turn turn() {
    return new Turn(
        session.freshTurn(),
        session.id(),
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
        accept.onDisconnect(),
        accept.disconnectGraceMs(),
        earlier(Accept.Basis.Kind.REGENERATE),
        earlier(Accept.Basis.Kind.CONTINUE),
        resolution.warnings(),
        new Turn.Input(questionId(), question()),
        null,
        null,
        null,
        null,
        session.now().plusMillis(accept.deadlineMs()),
        session.now(),
        null);
  }

  private UUID questionId() {
    return basis == null ? session.freshMessage() : basis.inputMessageId();
  }

  private String question() {
    return questionOf(accept, basis);
  }

  static String questionOf(Accept accept, @Nullable StoredTurn basis) {
    return basis == null ? String.valueOf(accept.text()) : basis.turn().input().text();
  }

  static long utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private @Nullable UUID earlier(Accept.Basis.Kind kind) {
    return accept.basis() != null && accept.basis().kind() == kind ? accept.basis().turnId() : null;
  }

  private @Nullable String title() {
    if (session.title() != null || session.lastTurn() != null) {
      return null;
    }
    var text = question();
    var codePoints = Math.min(TITLE_CODE_POINTS, text.codePointCount(0, text.length()));
    return text.substring(0, text.offsetByCodePoints(0, codePoints));
  }
}
