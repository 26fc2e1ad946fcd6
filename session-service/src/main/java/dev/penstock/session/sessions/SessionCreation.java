package dev.penstock.session.sessions;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Caller;
import dev.penstock.session.turns.StoredMessages;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates sessions, each once per idempotency key (turns.md T-5), with what they begin with. */
final class SessionCreation {
  private static final String CREATE =
      """
      WITH fresh AS (
        SELECT uuid7_now() AS id
      ), key AS (
        INSERT INTO request_key AS known (tenant_id, client_key, req_hash, session_id)
        SELECT $1, $2, $3, id FROM fresh
        ON CONFLICT (tenant_id, client_key) DO UPDATE
        SET req_hash = excluded.req_hash, session_id = excluded.session_id, turn_id = NULL,
          message_id = NULL, created_at = clock_timestamp()
        WHERE known.created_at < clock_timestamp() - interval '24 hours'
          OR known.session_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM session
            WHERE session.id = known.session_id AND session.deleted_at IS NULL)
        RETURNING tenant_id, session_id
      ), created AS (
        INSERT INTO session (id, tenant_id, person, title, instruction, agent, model, options,
          metadata, message_count, next_ordinal)
        SELECT session_id, tenant_id, $4, $5, $6, $7, $8, $9::text::jsonb, $10::text::jsonb,
          cardinality($11::text[]), cardinality($11::text[]) + 1
        FROM key
        RETURNING *
      ), said AS (
        INSERT INTO message (id, tenant_id, session_id, ordinal, role, text, tool_calls,
          tool_call_id, tool_name, extra)
        SELECT uuid7_now(), created.tenant_id, created.id, said.nth, said.role, said.text,
          said.calls::jsonb, said.call_id, said.tool, said.extra::jsonb
        FROM created, unnest($11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
          $16::text[]) WITH ORDINALITY AS said (role, text, calls, call_id, tool, extra, nth)
      )
      SELECT %s FROM created AS session
      """
          .formatted(StoredSession.COLUMNS);

  private static final String REPLAY =
      """
      SELECT known.req_hash, known.turn_id IS NULL, %s
      FROM request_key AS known JOIN session ON session.id = known.session_id
      WHERE known.tenant_id = $1 AND known.client_key = $2 AND session.tenant_id = $1
        AND session.deleted_at IS NULL
      """
          .formatted(StoredSession.COLUMNS);

  private final TenantDatabase foreground;

  SessionCreation(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /**
   * Creates the session, or finds the one created under this key.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code idempotency_key_reused} if the
   *     key stands for another request
   */
  Session.Created create(Caller caller, Session.Create create) {
    return attempt(caller, create)
        .or(() -> attempt(caller, create))
        .orElseThrow(() -> new IllegalStateException("the key was neither free nor taken"));
  }

  // Empty: the key's session was deleted between the two statements, so that the key is free now.
  private Optional<Session.Created> attempt(Caller caller, Session.Create create) {
    var person = create.user() != null ? create.user() : caller.person();
    var said = StoredMessages.Arrays.of(create.messages());
    return foreground
        .row(
            caller.tenant(),
            CREATE,
            caller.tenant(),
            create.clientKey(),
            create.requestHash(),
            person,
            create.title(),
            create.instruction(),
            create.agent(),
            create.model(),
            Wire.text(create.options()),
            Wire.text(create.metadata()),
            said.roles(),
            said.texts(),
            said.calls(),
            said.callIds(),
            said.tools(),
            said.extras())
        .map(in -> new Session.Created(StoredSession.read(in).session(), false))
        .or(() -> replay(caller, create, person));
  }

  private Optional<Session.Created> replay(
      Caller caller, Session.Create create, @Nullable String person) {
    return foreground
        .row(caller.tenant(), REPLAY, caller.tenant(), create.clientKey())
        .map(
            in -> {
              var hash = in.text();
              var createdSession = in.flag();
              var session = StoredSession.read(in).session();
              if (!createdSession
                  || !hash.equals(create.requestHash())
                  || !Objects.equals(session.user(), person)) {
                throw Failure.of(
                        FailureCode.IDEMPOTENCY_KEY_REUSED,
                        "Another request was sent under this key.")
                    .asException();
              }
              return new Session.Created(session, true);
            });
  }
}
