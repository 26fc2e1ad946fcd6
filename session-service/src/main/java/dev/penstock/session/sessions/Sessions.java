package dev.penstock.session.sessions;

import dev.penstock.contracts.session.Session;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import java.util.UUID;

/** Sessions, as callers ask for them. Every call blocks its virtual thread. */
final class Sessions {
  private static final String SHOW =
      "SELECT " + StoredSession.COLUMNS + " FROM session WHERE " + StoredSession.VISIBLE;

  private final TenantDatabase foreground;
  private final SessionCreation creation;

  Sessions(TenantDatabase foreground) {
    this.foreground = foreground;
    this.creation = new SessionCreation(foreground);
  }

  /** Creates a session, once per key. */
  Session.Created create(Caller caller, Session.Create create) {
    return creation.create(caller, create);
  }

  /**
   * A session.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  Session show(Caller caller, UUID id) {
    return foreground
        .row(caller.tenant(), SHOW, caller.tenant(), caller.person(), id)
        .map(StoredSession::read)
        .orElseThrow(Bodies::notFound)
        .session();
  }
}
