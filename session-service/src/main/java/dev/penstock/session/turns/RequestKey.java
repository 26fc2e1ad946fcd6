package dev.penstock.session.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.session.database.Columns;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An idempotency key that was used before (turns.md T-5).
 *
 * @param turn null if a session was created under it
 * @param free its day is over, or its session or turn is gone: it may be used again
 */
public record RequestKey(String hash, @Nullable UUID turn, boolean free) {
  /** Of a row called {@code key}, which may be absent. */
  public static final String IS_FREE =
      """
      (key.created_at < clock_timestamp() - interval '24 hours'
        OR key.session_id IS NOT NULL AND NOT EXISTS (
          SELECT FROM session AS target
          WHERE target.id = key.session_id AND target.deleted_at IS NULL)
        OR key.session_id IS NULL AND NOT EXISTS (
          SELECT FROM turn AS target
          WHERE target.id = key.turn_id AND target.deleted_at IS NULL))
      """;

  /** {@code $1} tenant, {@code $2} key. */
  public static final String FORGET =
      "DELETE FROM request_key AS key WHERE key.tenant_id = $1 AND key.client_key = $2 AND "
          + IS_FREE;

  static @Nullable RequestKey read(Columns in) {
    var hash = in.textOrNull();
    var turn = in.uuidOrNull();
    var free = in.flagOrNull();
    return hash == null ? null : new RequestKey(hash, turn, Boolean.TRUE.equals(free));
  }

  /**
   * The turn that a repetition of the request attaches to.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code idempotency_key_reused} if the
   *     key stands for another request
   */
  UUID turnOf(String requestHash) {
    if (turn == null || !hash.equals(requestHash)) {
      throw Failure.of(
              FailureCode.IDEMPOTENCY_KEY_REUSED, "Another request was sent under this key.")
          .asException();
    }
    return turn;
  }
}
