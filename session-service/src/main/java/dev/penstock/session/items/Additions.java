package dev.penstock.session.items;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Item;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.sessions.StoredSession;
import dev.penstock.session.turns.RequestKey;
import dev.penstock.session.turns.StoredMessages;
import io.vertx.pgclient.PgException;
import java.util.Optional;
import java.util.UUID;

/**
 * Adds messages of no turn to sessions: in one transaction, once per idempotency key (turns.md
 * T-5), and never while the session is being answered.
 */
final class Additions {
  private static final int MAX_TRIES = 10;
  private static final long CONTENDED_RETRY_MS = 1000;
  private static final String UNIQUE_VIOLATION = "23505";

  // A key that is taken fails the whole.
  private static final String ADD =
      """
      WITH changed AS (
        UPDATE session
        SET version = version + 1, updated_at = clock_timestamp(),
          next_ordinal = next_ordinal + cardinality($4::text[]),
          message_count = message_count + cardinality($4::text[])
        WHERE %s AND session.active_turn_id IS NULL
        RETURNING session.id, session.tenant_id,
          session.next_ordinal - cardinality($4::text[]) AS first
      ), fresh AS MATERIALIZED (
        SELECT uuid7_now() AS id, changed.tenant_id, changed.id AS session_id,
          changed.first + said.nth::int - 1 AS ordinal, said.*
        FROM changed, unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
          WITH ORDINALITY AS said (role, text, calls, call_id, tool, extra, nth)
      ), key AS (
        INSERT INTO request_key (tenant_id, client_key, req_hash, session_id, message_id)
        SELECT tenant_id, $10, $11, session_id, id FROM fresh WHERE nth = 1
      )
      INSERT INTO message (id, tenant_id, session_id, ordinal, role, text, tool_calls,
        tool_call_id, tool_name, extra)
      SELECT id, tenant_id, session_id, ordinal, role, text, calls::jsonb, call_id, tool,
        extra::jsonb
      FROM fresh
      RETURNING %s
      """
          .formatted(StoredSession.VISIBLE, StoredItem.COLUMNS);

  private static final String KEY =
      """
      SELECT key.req_hash, key.message_id, %s FROM request_key AS key
      WHERE key.tenant_id = $1 AND key.client_key = $2
      """
          .formatted(RequestKey.IS_FREE);

  // What was taken out since is not shown again.
  private static final String ADDED =
      """
      SELECT %s FROM session
      JOIN message AS first ON first.session_id = session.id
      JOIN message ON message.session_id = session.id AND message.ordinal >= first.ordinal
        AND message.ordinal < first.ordinal + $5
      WHERE %s AND first.tenant_id = $1 AND first.id = $4 AND NOT message.removed
      """
          .formatted(StoredItem.COLUMNS, StoredSession.VISIBLE);

  private static final String EXISTS =
      "SELECT session.id FROM session WHERE " + StoredSession.VISIBLE;

  private final TenantDatabase foreground;

  Additions(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /**
   * Adds them behind all that is there, or finds what was added under this key.
   *
   * @return what was added, in order
   * @throws FailureException {@code not_found}, {@code turn_in_progress}, {@code
   *     idempotency_key_reused} if the key stands for another request
   */
  Item.Page add(Caller caller, UUID session, Item.Append append) {
    requireVisible(caller, session);
    for (var tries = 0; tries < MAX_TRIES; tries++) {
      var page = known(caller, session, append).or(() -> store(caller, session, append));
      if (page.isPresent()) {
        return page.get();
      }
    }
    throw Failure.retryAfter(
            FailureCode.STORE_UNAVAILABLE,
            "This key is used by others all the time.",
            CONTENDED_RETRY_MS)
        .asException();
  }

  private Optional<Item.Page> known(Caller caller, UUID session, Item.Append append) {
    var tenant = caller.tenant();
    var key = foreground.row(tenant, KEY, tenant, append.clientKey());
    if (key.isEmpty()) {
      return Optional.empty();
    }
    var hash = key.get().text();
    var first = key.get().uuidOrNull();
    if (key.get().flag()) {
      foreground.run(tenant, RequestKey.FORGET, tenant, append.clientKey());
      return Optional.empty();
    }
    if (first == null || !hash.equals(append.requestHash())) {
      throw Failure.of(
              FailureCode.IDEMPOTENCY_KEY_REUSED, "Another request was sent under this key.")
          .asException();
    }
    return Optional.of(added(caller, session, first, append.messages().size()));
  }

  private Item.Page added(Caller caller, UUID session, UUID first, int count) {
    return StoredItem.page(
        foreground.run(
            caller.tenant(), ADDED, caller.tenant(), caller.person(), session, first, count),
        false);
  }

  // Empty: another request of this key was faster.
  private Optional<Item.Page> store(Caller caller, UUID session, Item.Append append) {
    var said = StoredMessages.Arrays.of(append.messages());
    try {
      var added =
          foreground.run(
              caller.tenant(),
              ADD,
              caller.tenant(),
              caller.person(),
              session,
              said.roles(),
              said.texts(),
              said.calls(),
              said.callIds(),
              said.tools(),
              said.extras(),
              append.clientKey(),
              append.requestHash());
      if (added.size() == 0) {
        requireVisible(caller, session);
        throw Failure.of(
                FailureCode.TURN_IN_PROGRESS, "The conversation is being answered; add later.")
            .asException();
      }
      return Optional.of(StoredItem.page(added, false));
    } catch (PgException e) {
      if (UNIQUE_VIOLATION.equals(e.getSqlState())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void requireVisible(Caller caller, UUID session) {
    if (foreground
        .row(caller.tenant(), EXISTS, caller.tenant(), caller.person(), session)
        .isEmpty()) {
      throw Bodies.notFound();
    }
  }
}
