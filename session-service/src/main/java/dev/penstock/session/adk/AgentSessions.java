package dev.penstock.session.adk;

import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.state.AgentSessionKey;
import dev.penstock.session.state.Scopes;
import dev.penstock.session.state.StateChanges;
import java.util.ArrayList;

/** Sessions by app, user and the client's id. Every call blocks its virtual thread. */
final class AgentSessions {
  private static final int MAX_LISTED = 1000;

  private static final String NATIVE = AgentSessionKey.NATIVE.formatted("$2", "$3");

  // $1 tenant, $2 app, $3 user, $4 the client's id, $5 the same as a UUID or null
  private static final String FOUND = AgentSessionKey.FOUND.formatted("$2", "$3", "$4", "$5");

  private static final String SELECT =
      """
      SELECT session.id, session.external_id, session.title, session.state::text,
        (SELECT jsonb_object_agg(key, value) FROM user_state
          WHERE tenant_id = $1 AND app = $2 AND person = $3)::text,
        (SELECT jsonb_object_agg(key, value) FROM app_state
          WHERE tenant_id = $1 AND app = $2)::text,
        session.active_turn_id, session.updated_at
      FROM session
      """;

  private static final String SHOW =
      SELECT + "WHERE session.tenant_id = $1 AND session.id = " + FOUND;

  // "version > 0" names the index of lists.
  private static final String LIST =
      SELECT
          + """
          WHERE tenant_id = $1 AND person = $3 AND deleted_at IS NULL AND version > 0
            AND (external_id IS NOT NULL AND app = $2 OR %s)
          ORDER BY updated_at DESC, id DESC LIMIT %d
          """
              .formatted(NATIVE, MAX_LISTED);

  // $6 agent, $7 title, $8 state, $9 events, $10 app's and $11 user's state
  private static final String CREATE =
      """
      WITH changed AS (
        INSERT INTO session (id, tenant_id, app, person, external_id, agent, title, state,
          next_ordinal)
        SELECT uuid7_now(), $1, $2, $3, $4, $6, $7, $8::text::jsonb, 1 + cardinality($9::text[])
        WHERE NOT EXISTS (
          SELECT FROM session WHERE tenant_id = $1 AND id = $5 AND deleted_at IS NULL AND %s)
        ON CONFLICT (tenant_id, app, person, external_id)
          WHERE deleted_at IS NULL AND external_id IS NOT NULL DO NOTHING
        RETURNING id, tenant_id
      ), kept AS (
        INSERT INTO session_event (id, tenant_id, session_id, ordinal, event)
        SELECT uuid7_now(), changed.tenant_id, changed.id, given.nth, given.event::jsonb
        FROM changed, unnest($9::text[]) WITH ORDINALITY AS given (event, nth)
      """
              .formatted(NATIVE)
          + StateChanges.SHARED.formatted("$2", "$3", "$10", "$11")
          + "SELECT id FROM changed";

  // $6 title, $7 session's state, $8 event, $9 app's and $10 user's state
  private static final String CHANGE =
      """
      WITH changed AS (
        UPDATE session
        SET state = state || $7::text::jsonb, title = coalesce($6, title), version = version + 1,
          next_ordinal = next_ordinal + 1, updated_at = clock_timestamp()
        WHERE tenant_id = $1 AND deleted_at IS NULL AND id = %s
        RETURNING id, tenant_id, next_ordinal - 1 AS ordinal
      ), kept AS (
        INSERT INTO session_event (id, tenant_id, session_id, ordinal, event)
        SELECT uuid7_now(), tenant_id, id, ordinal, $8::text::jsonb FROM changed
      """
              .formatted(FOUND)
          + StateChanges.SHARED.formatted("$2", "$3", "$9", "$10")
          + "SELECT id FROM changed";

  private final TenantDatabase foreground;
  private final Entries entries;

  AgentSessions(TenantDatabase foreground) {
    this.foreground = foreground;
    this.entries = new Entries(foreground);
  }

  /** Creates it, or finds the one that was there; of any number at once one creates it. */
  AgentSession.Created create(Caller caller, AgentSession.Create create) {
    var key = AgentSessionKey.of(caller, create.key());
    var state = Scopes.of(create.state());
    var created =
        foreground.run(
            caller.tenant(),
            CREATE,
            caller.tenant(),
            key.app(),
            key.user(),
            key.id(),
            AgentSessionKey.uuidOrNull(key.id()),
            create.agent(),
            create.title(),
            Wire.text(state.session()),
            create.events().stream().map(Wire::text).toArray(String[]::new),
            Wire.text(state.app()),
            Wire.text(state.user()));
    return new AgentSession.Created(show(caller, key, true), created.size() == 0);
  }

  /**
   * One session.
   *
   * @param whole with its entries
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  AgentSession show(Caller caller, AgentSession.Key key, boolean whole) {
    var found =
        foreground
            .row(
                caller.tenant(),
                SHOW,
                caller.tenant(),
                AgentSessionKey.of(caller, key).app(),
                key.user(),
                key.id(),
                AgentSessionKey.uuidOrNull(key.id()))
            .map(in -> StoredAgentSession.read(in, key))
            .orElseThrow(Bodies::notFound);
    return whole ? StoredAgentSession.with(found, entries.of(caller.tenant(), found.id())) : found;
  }

  /** The sessions of a user in an app, latest activity first, without entries. */
  AgentSession.Page list(Caller caller, String app, String user) {
    var sessions = new ArrayList<AgentSession>();
    if (caller.person() == null || caller.person().equals(user)) {
      var rows = foreground.run(caller.tenant(), LIST, caller.tenant(), app, user);
      rows.forEach(
          row -> sessions.add(StoredAgentSession.read(row, new AgentSession.Key(app, user, ""))));
    }
    return new AgentSession.Page(sessions);
  }

  /**
   * Changes its state and keeps the event that tells of it.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  AgentSession change(Caller caller, AgentSession.Change change) {
    var key = AgentSessionKey.of(caller, change.key());
    var delta = Scopes.of(change.delta());
    var changed =
        foreground.run(
            caller.tenant(),
            CHANGE,
            caller.tenant(),
            key.app(),
            key.user(),
            key.id(),
            AgentSessionKey.uuidOrNull(key.id()),
            change.title(),
            Wire.text(delta.session()),
            Wire.text(change.event()),
            Wire.text(delta.app()),
            Wire.text(delta.user()));
    if (changed.size() == 0) {
      throw Bodies.notFound();
    }
    return show(caller, key, true);
  }
}
