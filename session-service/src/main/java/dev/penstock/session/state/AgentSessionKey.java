package dev.penstock.session.state;

import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds a session by app, user and the client's id. One that was made natively is there under its
 * own id, in the app that is its agent or, if it has none, in any; for its person or, if it has
 * none, for anybody.
 */
public final class AgentSessionKey {
  /** Whether a row of {@code session} was made natively; takes the parameters of app and user. */
  public static final String NATIVE =
      """
      external_id IS NULL AND (agent IS NULL OR agent = %1$s) AND (person IS NULL OR person = %2$s)
      """;

  /**
   * The id of the session; {@code $1} is the tenant. Takes the parameters of app, user, the
   * client's id and the same as a UUID or null.
   */
  public static final String FOUND =
      """
      (SELECT id FROM session
       WHERE tenant_id = $1 AND app = %1$s AND person = %2$s AND external_id = %3$s
         AND deleted_at IS NULL
       UNION ALL
       SELECT id FROM session WHERE tenant_id = $1 AND id = %4$s AND deleted_at IS NULL AND
      """
          + NATIVE
          + "LIMIT 1)";

  private AgentSessionKey() {}

  /**
   * The key as {@code caller} may use it.
   *
   * @throws FailureException {@code not_found} for another person's
   */
  public static AgentSession.Key of(Caller caller, AgentSession.Key key) {
    if (caller.person() != null && !caller.person().equals(key.user())) {
      throw Bodies.notFound();
    }
    return key;
  }

  /** The UUID that a client's id is; null where it is one of the client's own making. */
  public static @Nullable UUID uuidOrNull(String id) {
    try {
      var uuid = UUID.fromString(id);
      return uuid.toString().equals(id) ? uuid : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
