package dev.penstock.session.state;

import dev.penstock.contracts.session.AgentSession.StateChange;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.TenantDatabase.Statement;
import java.util.UUID;

/** Writes state. */
public final class StateChanges {
  /**
   * Writes the shared scopes where a row {@code changed}, which has the {@code tenant_id}, says
   * that anything happens; takes the parameters of app, user, app's and user's state as JSON. By
   * key, so that two never wait for each other.
   */
  public static final String SHARED =
      """
      ), apps AS (
        INSERT INTO app_state (tenant_id, app, key, value)
        SELECT tenant_id, %1$s, entry.key, entry.value
        FROM changed, jsonb_each(%3$s::text::jsonb) AS entry ORDER BY entry.key
        ON CONFLICT (tenant_id, app, key) DO UPDATE SET value = excluded.value
      ), users AS (
        INSERT INTO user_state (tenant_id, app, person, key, value)
        SELECT tenant_id, %1$s, %2$s, entry.key, entry.value
        FROM changed, jsonb_each(%4$s::text::jsonb) AS entry ORDER BY entry.key
        ON CONFLICT (tenant_id, app, person, key) DO UPDATE SET value = excluded.value
      )
      """;

  private static final String WITH_TURN =
      """
      WITH changed AS (
        UPDATE session SET state = session.state || $3::text::jsonb FROM turn
        WHERE turn.tenant_id = $1 AND turn.id = $2
          AND session.tenant_id = $1 AND session.id = turn.session_id
        RETURNING session.tenant_id
      """
          + SHARED.formatted("$4", "$5", "$6", "$7")
          + "SELECT tenant_id FROM changed";

  private StateChanges() {}

  /** The change that comes with a turn; it does nothing unless the turn is stored. */
  public static Statement withTurn(String tenant, UUID turn, StateChange change) {
    var scopes = Scopes.of(change.delta());
    return Statement.of(
        WITH_TURN,
        tenant,
        turn,
        Wire.text(scopes.session()),
        change.app(),
        change.user(),
        Wire.text(scopes.app()),
        Wire.text(scopes.user()));
  }
}
