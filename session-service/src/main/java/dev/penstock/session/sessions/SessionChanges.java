package dev.penstock.session.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.database.TenantDatabase.Statement;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes and deletes sessions. */
final class SessionChanges {
  private static final String SHOW =
      "SELECT " + StoredSession.COLUMNS + " FROM session WHERE " + StoredSession.VISIBLE;

  // Holds only if the session is still what the patch was merged into.
  private static final String UPDATE =
      """
      UPDATE session
      SET title = $3, instruction = $4, agent = $5, model = $6, options = $7::text::jsonb,
        metadata = $8::text::jsonb, version = version + 1, updated_at = clock_timestamp()
      WHERE tenant_id = $1 AND id = $2 AND version = $9 AND deleted_at IS NULL
      RETURNING %s
      """
          .formatted(StoredSession.COLUMNS);

  private static final String PUT_METADATA =
      """
      UPDATE session
      SET metadata = $4::text::jsonb,
        version = version + (metadata <> $4::text::jsonb)::int,
        updated_at = CASE WHEN metadata = $4::text::jsonb THEN updated_at
          ELSE clock_timestamp() END
      WHERE %s
      RETURNING %s
      """
          .formatted(StoredSession.VISIBLE, StoredSession.COLUMNS);

  // Its keys are free from now on, because they name a session that is deleted. Its rows go when
  // its readers have had time to see the end of its turn (T-36).
  private static final String HIDE =
      """
      UPDATE session
      SET deleted_at = clock_timestamp(), updated_at = clock_timestamp(), version = version + 1
      WHERE %s
      RETURNING id
      """
          .formatted(StoredSession.VISIBLE);

  // A statement of its own, so that it sees a turn that was accepted while we waited for the lock.
  private static final String CANCEL =
      """
      UPDATE turn SET cancel = true FROM session
      WHERE turn.tenant_id = $1 AND turn.session_id = $2 AND turn.state IN ('accepted', 'streaming')
        AND session.tenant_id = $1 AND session.id = $2 AND session.deleted_at IS NOT NULL
      """;

  private static final int MAX_TRIES = 10;

  private final TenantDatabase foreground;

  SessionChanges(TenantDatabase foreground) {
    this.foreground = foreground;
  }

  /**
   * Applies a merge patch; one that changes nothing leaves the version as it is.
   *
   * @param ifMatch the ETag the caller has seen; null for any
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}, {@code
   *     version_mismatch}, {@code invalid_request}
   */
  Session patch(Caller caller, UUID id, JsonNode patch, @Nullable String ifMatch) {
    for (var tries = 0; tries < MAX_TRIES; tries++) {
      var session =
          foreground
              .row(caller.tenant(), SHOW, caller.tenant(), caller.person(), id)
              .map(StoredSession::read)
              .orElseThrow(Bodies::notFound)
              .session();
      requireMatch(session, ifMatch);
      var present = SessionPatch.of(session);
      var changed = present.merge(patch);
      if (changed.equals(present)) {
        return session;
      }
      var updated = update(caller, session, changed);
      if (updated.isPresent()) {
        return updated.get();
      }
    }
    throw Failure.retryAfter(
            FailureCode.STORE_UNAVAILABLE, "The session is changed by others all the time.", 1000)
        .asException();
  }

  private Optional<Session> update(Caller caller, Session session, SessionPatch changed) {
    return foreground
        .row(
            caller.tenant(),
            UPDATE,
            caller.tenant(),
            session.id(),
            changed.title(),
            changed.instruction(),
            changed.agent(),
            changed.model(),
            Wire.text(changed.options()),
            Wire.text(changed.metadata()),
            session.version())
        .map(in -> StoredSession.read(in).session());
  }

  /**
   * Puts metadata in the place of all that is there; the same again leaves the version as it is.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  Session putMetadata(Caller caller, UUID id, Map<String, String> metadata) {
    return foreground
        .row(
            caller.tenant(),
            PUT_METADATA,
            caller.tenant(),
            caller.person(),
            id,
            Wire.text(metadata))
        .map(StoredSession::read)
        .orElseThrow(Bodies::notFound)
        .session();
  }

  /**
   * Hides a session and cancels its turn.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  void delete(Caller caller, UUID id) {
    var hidden =
        foreground.runAll(
            caller.tenant(),
            List.of(
                Statement.of(HIDE, caller.tenant(), caller.person(), id),
                Statement.of(CANCEL, caller.tenant(), id)));
    if (hidden.size() == 0) {
      throw Bodies.notFound();
    }
  }

  private static void requireMatch(Session session, @Nullable String ifMatch) {
    if (ifMatch != null
        && !ifMatch.equals("*")
        && !ifMatch.equals("\"" + session.version() + "\"")) {
      throw Failure.of(
              FailureCode.VERSION_MISMATCH, "The session is at version " + session.version() + ".")
          .asException();
    }
  }
}
