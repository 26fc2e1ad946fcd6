package dev.penstock.session.sessions;

import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.http.Cursor;
import dev.penstock.session.http.PageQuery;
import dev.penstock.session.messages.Messages;
import dev.penstock.session.turns.SessionTurns;
import dev.penstock.session.turns.StoredTurn;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pages of sessions, and of a session's messages and turns; by keys, so that none is shown twice.
 */
final class SessionLists {
  // Behind everything a clock says.
  private static final Cursor.Activity NEWEST =
      new Cursor.Activity(4_102_444_800_000_000L, new UUID(-1, -1));

  // "version > 0" names the index of lists.
  private static final String PAGE =
      """
      SELECT %s FROM session
      WHERE tenant_id = $1 AND deleted_at IS NULL AND version > 0 %s
        AND (updated_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY updated_at DESC, id DESC LIMIT $4
      """;

  private static final String ALL = PAGE.formatted(StoredSession.COLUMNS, "");
  private static final String OF_PERSON = PAGE.formatted(StoredSession.COLUMNS, "AND person = $5");
  private static final String EXISTS =
      "SELECT session.id FROM session WHERE " + StoredSession.VISIBLE;

  private final TenantDatabase foreground;

  SessionLists(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /**
   * Sessions, latest activity first.
   *
   * @param user only that person's; a caller who is a person sees only their own anyway
   */
  Session.Page sessions(Caller caller, PageQuery page, @Nullable String user) {
    if (caller.person() != null && user != null && !user.equals(caller.person())) {
      return new Session.Page(List.of(), null);
    }
    var person = caller.person() != null ? caller.person() : user;
    var after = Cursor.activity(page.after(), NEWEST);
    var micros = (double) after.micros();
    var rows =
        person == null
            ? foreground.run(
                caller.tenant(), ALL, caller.tenant(), micros, after.id(), page.limit() + 1)
            : foreground.run(
                caller.tenant(),
                OF_PERSON,
                caller.tenant(),
                micros,
                after.id(),
                page.limit() + 1,
                person);
    var found = new ArrayList<StoredSession>(rows.size());
    rows.forEach(row -> found.add(StoredSession.read(row)));
    return page(
        found,
        page,
        last -> new Cursor.Activity(last.updatedMicros(), last.session().id()),
        (shown, next) ->
            new Session.Page(shown.stream().map(StoredSession::session).toList(), next));
  }

  /** Messages of a session. */
  Message.Page messages(Caller caller, UUID session, PageQuery page) {
    var start = start(page);
    requireVisible(caller, session);
    var found =
        Messages.read(
            foreground, caller.tenant(), session, page.descending(), start, page.limit() + 1);
    return page(found, page, last -> new Cursor.Ordinal(last.ordinal()), Message.Page::new);
  }

  /** Turns of a session. */
  Turn.Page turns(Caller caller, UUID session, PageQuery page) {
    var start = start(page);
    requireVisible(caller, session);
    var found =
        SessionTurns.read(
            foreground, caller.tenant(), session, page.descending(), start, page.limit() + 1);
    return page(
        found,
        page,
        last -> new Cursor.Ordinal(last.ordinal()),
        (shown, next) -> new Turn.Page(shown.stream().map(StoredTurn::turn).toList(), next));
  }

  private void requireVisible(Caller caller, UUID session) {
    if (foreground
        .row(caller.tenant(), EXISTS, caller.tenant(), caller.person(), session)
        .isEmpty()) {
      throw Bodies.notFound();
    }
  }

  private static int start(PageQuery page) {
    return Cursor.ordinal(page.after(), page.descending() ? Integer.MAX_VALUE : Integer.MIN_VALUE);
  }

  // One row more than asked for tells whether there is a next page.
  private static <T, P> P page(
      List<T> found,
      PageQuery page,
      Function<T, Cursor> cursor,
      BiFunction<List<T>, @Nullable String, P> of) {
    if (found.size() <= page.limit()) {
      return of.apply(found, null);
    }
    var shown = found.subList(0, page.limit());
    return of.apply(shown, cursor.apply(shown.getLast()).text());
  }
}
