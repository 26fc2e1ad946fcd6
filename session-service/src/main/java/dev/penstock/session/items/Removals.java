package dev.penstock.session.items;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Session;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.messages.Messages;
import dev.penstock.session.sessions.StoredSession;
import dev.penstock.session.turns.StoredMessages;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes entries out of sessions: a message's text, or one of its calls. A message that has neither
 * left is removed, and nothing of it is kept but its place.
 */
final class Removals {
  private static final int MAX_TRIES = 10;
  private static final long CONTENDED_RETRY_MS = 1000;

  // Whether it is what the active turn was given or does, or an answer that this turn replaces.
  private static final String LOOK =
      """
      SELECT message.id, message.text, message.tool_calls::text, session.version,
        coalesce(message.turn_id IN (active.id, asked.turn_id), false)
          OR coalesce(message.answers = active.input_message_id, false)
      FROM session JOIN message ON message.session_id = session.id
      LEFT JOIN turn AS active ON active.id = session.active_turn_id
      LEFT JOIN message AS asked ON asked.id = active.input_message_id
      WHERE %s AND message.tenant_id = $1 AND %s AND %s
      ORDER BY message.ordinal DESC LIMIT 1
      """;

  private static final String LOOK_FOR_MESSAGE =
      LOOK.formatted(
          StoredSession.VISIBLE,
          Messages.SHOWN,
          "message.id = " + StoredItem.NAMED.formatted("$4"));
  private static final String LOOK_FOR_CALL =
      LOOK.formatted(StoredSession.VISIBLE, Messages.SHOWN, StoredItem.ASKS_FOR.formatted("$4"));

  // Holds only if the session is still what was looked at.
  private static final String REMOVE =
      """
      WITH changed AS (
        UPDATE session
        SET version = version + 1, updated_at = clock_timestamp(),
          message_count = message_count - $7::boolean::int
        WHERE tenant_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL
        RETURNING *
      ), rest AS (
        UPDATE message
        SET text = $5, tool_calls = $6::text::jsonb, removed = $7,
          extra = CASE WHEN $7 THEN NULL ELSE message.extra END
        FROM changed
        WHERE message.tenant_id = changed.tenant_id AND message.session_id = changed.id
          AND message.id = $4
      )
      SELECT %s FROM changed AS session
      """
          .formatted(StoredSession.COLUMNS);

  private final TenantDatabase foreground;

  Removals(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  private record Found(UUID id, String text, List<ToolCall> calls, long version, boolean locked) {
    static Found read(Columns in) {
      return new Found(
          in.uuid(), in.text(), StoredMessages.calls(in.textOrNull()), in.number(), in.flag());
    }

    // A message that only calls has no text to take out.
    boolean has(ItemPlace place) {
      return place instanceof ItemPlace.OfCall || !text.isEmpty() || calls.isEmpty();
    }

    Found without(ItemPlace place) {
      return switch (place) {
        case ItemPlace.OfMessage _ -> new Found(id, "", calls, version, locked);
        case ItemPlace.OfCall(var call) ->
            new Found(
                id,
                text,
                calls.stream().filter(each -> !each.id().equals(call)).toList(),
                version,
                locked);
      };
    }
  }

  /**
   * Takes one entry out.
   *
   * @return the session as it is then
   * @throws FailureException {@code not_found}, also for what another session has; {@code
   *     turn_in_progress} for a part of the turn that is being answered
   */
  Session remove(Caller caller, UUID session, ItemPlace place) {
    for (var tries = 0; tries < MAX_TRIES; tries++) {
      var found =
          look(caller, session, place)
              .filter(each -> each.has(place))
              .orElseThrow(Bodies::notFound);
      if (found.locked()) {
        throw Failure.of(
                FailureCode.TURN_IN_PROGRESS, "This is part of the answer that is being made.")
            .asException();
      }
      var changed = write(caller, session, found.without(place));
      if (changed.isPresent()) {
        return changed.get();
      }
    }
    throw Failure.retryAfter(
            FailureCode.STORE_UNAVAILABLE,
            "The session is changed by others all the time.",
            CONTENDED_RETRY_MS)
        .asException();
  }

  private Optional<Found> look(Caller caller, UUID session, ItemPlace place) {
    var tenant = caller.tenant();
    var row =
        switch (place) {
          case ItemPlace.OfMessage(var id) ->
              foreground.row(tenant, LOOK_FOR_MESSAGE, tenant, caller.person(), session, id);
          case ItemPlace.OfCall(var id) ->
              foreground.row(tenant, LOOK_FOR_CALL, tenant, caller.person(), session, id);
        };
    return row.map(Found::read);
  }

  private Optional<Session> write(Caller caller, UUID session, Found left) {
    return foreground
        .row(
            caller.tenant(),
            REMOVE,
            caller.tenant(),
            session,
            left.version(),
            left.id(),
            left.text(),
            StoredMessages.calls(left.calls()),
            left.text().isEmpty() && left.calls().isEmpty())
        .map(in -> StoredSession.read(in).session());
  }
}
