package dev.penstock.session.items;

import dev.penstock.contracts.session.Item;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.messages.Messages;
import dev.penstock.session.sessions.StoredSession;
import dev.penstock.session.turns.StoredTurn;
import java.util.Optional;
import java.util.UUID;

/** Shown entries: of a session, of a turn's input, and single ones. */
final class ItemLists {
  private static final String FROM_START =
      "SELECT NULL::int FROM session WHERE " + StoredSession.VISIBLE;

  // Also a message that is not shown any more is a place to go on from.
  private static final String FROM_MESSAGE =
      """
      SELECT message.ordinal FROM session JOIN message ON message.session_id = session.id
      WHERE %s AND message.tenant_id = $1 AND message.id = %s
      """
          .formatted(StoredSession.VISIBLE, StoredItem.NAMED.formatted("$4"));

  // Of several under one id that which leaves least to come, so that paging ends.
  private static final String FROM_CALL =
      """
      SELECT message.ordinal FROM session JOIN message ON message.session_id = session.id
      WHERE %s AND message.tenant_id = $1 AND %s
      ORDER BY CASE WHEN $5 THEN message.ordinal ELSE -message.ordinal END LIMIT 1
      """
          .formatted(StoredSession.VISIBLE, StoredItem.ASKS_FOR.formatted("$4"));

  private static final String PAGE =
      """
      SELECT %s FROM message
      WHERE message.tenant_id = $1 AND message.session_id = $2 AND %s
      """
          .formatted(StoredItem.COLUMNS, Messages.SHOWN);

  private static final String RISING =
      PAGE + "AND message.ordinal >= $3 ORDER BY message.ordinal LIMIT $4";
  private static final String FALLING =
      PAGE + "AND message.ordinal <= $3 ORDER BY message.ordinal DESC LIMIT $4";

  private static final String INPUTS =
      """
      SELECT %s FROM turn
      JOIN message AS main ON main.id = turn.input_message_id
      JOIN message ON message.turn_id = main.turn_id
        AND (message.session_id = main.session_id
          OR message.session_id IS NULL AND main.session_id IS NULL)
      WHERE turn.tenant_id = $1 AND turn.id = $2 AND message.tenant_id = $1
        AND message.answers IS NULL AND NOT message.removed
      """
          .formatted(StoredItem.COLUMNS);

  private static final String TURN =
      """
      SELECT turn.id FROM turn
      WHERE turn.tenant_id = $1 AND turn.id = $3 AND turn.deleted_at IS NULL AND %s
      """
          .formatted(StoredTurn.VISIBLE);

  private static final String SHOW =
      """
      SELECT %s FROM message
      WHERE message.tenant_id = $1 AND message.id = %s AND %s
        AND (EXISTS (
            SELECT FROM session
            WHERE session.id = message.session_id AND session.tenant_id = $1
              AND session.deleted_at IS NULL AND ($2::text IS NULL OR session.person = $2))
          OR message.session_id IS NULL AND EXISTS (
            SELECT FROM turn
            WHERE turn.id = message.turn_id AND turn.tenant_id = $1 AND turn.deleted_at IS NULL
              AND ($2::text IS NULL OR turn.person = $2)))
      """
          .formatted(StoredItem.COLUMNS, StoredItem.NAMED.formatted("$3"), Messages.SHOWN);

  private final TenantDatabase foreground;

  ItemLists(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /**
   * Entries of a session.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}, also for a place
   *     that this session does not have
   */
  Item.Page page(Caller caller, UUID session, ItemQuery query) {
    var end = query.descending() ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    var start = start(caller, session, query).orElseThrow(Bodies::notFound).integerOrNull();
    var rows =
        foreground.run(
            caller.tenant(),
            query.descending() ? FALLING : RISING,
            caller.tenant(),
            session,
            start == null ? end : start,
            query.limit());
    return StoredItem.page(rows, query.descending());
  }

  private Optional<Columns> start(Caller caller, UUID session, ItemQuery query) {
    var tenant = caller.tenant();
    return switch (query.from()) {
      case null -> foreground.row(tenant, FROM_START, tenant, caller.person(), session);
      case ItemPlace.OfMessage(var id) ->
          foreground.row(tenant, FROM_MESSAGE, tenant, caller.person(), session, id);
      case ItemPlace.OfCall(var id) ->
          foreground.row(
              tenant, FROM_CALL, tenant, caller.person(), session, id, query.descending());
    };
  }

  /**
   * What a turn was given, in order.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  Item.Page inputs(Caller caller, UUID turn) {
    var tenant = caller.tenant();
    if (foreground.row(tenant, TURN, tenant, caller.person(), turn).isEmpty()) {
      throw Bodies.notFound();
    }
    return StoredItem.page(foreground.run(tenant, INPUTS, tenant, turn), false);
  }

  /**
   * A shown message.
   *
   * @param id its own, or that of the turn whose answer it is
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  Item show(Caller caller, UUID id) {
    return foreground
        .row(caller.tenant(), SHOW, caller.tenant(), caller.person(), id)
        .map(StoredItem::read)
        .orElseThrow(Bodies::notFound);
  }
}
