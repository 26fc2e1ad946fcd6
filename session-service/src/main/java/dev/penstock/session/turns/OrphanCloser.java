package dev.penstock.session.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.turn.TurnStep;
import dev.penstock.contracts.turn.TurnText;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import dev.penstock.session.leases.OwnLease;
import dev.penstock.session.tokenlog.StoredLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Ends orphans from the log in the place of their dead owner (turns.md T-22, T-23, T-34): claim,
 * base and end are three commits, so that no follower can deliver a row that is not going to count.
 */
public final class OrphanCloser {
  // A turn is an orphan from its release on, or from the end of its owner's lease; an owner that
  // never had one had as long as a lease lasts.
  private static final String ORPHANED_AT =
      """
      CASE WHEN turn.owner_id IS NULL THEN coalesce(turn.released_at, turn.owned_since)
        ELSE coalesce(
          (SELECT lease_until FROM instance WHERE instance.id = turn.owner_id),
          turn.owned_since + interval '5 seconds')
      END
      """;

  // $1 own instance, $2 grace in ms, $3 own life in ms.
  // After an outage of the database every lease has run out: the living owners come first.
  private static final String MAY_END =
      """
      %s AND %s <= clock_timestamp() - $2 * interval '1 millisecond'
        AND EXISTS (
          SELECT FROM instance AS own
          WHERE own.id = $1 AND own.lease_until > clock_timestamp()
            AND own.alive_since <= clock_timestamp() - $3 * interval '1 millisecond')
      """
          .formatted(Legal.step(TurnStep.CLAIM), ORPHANED_AT);

  private static final String ORPHANS =
      """
      SELECT turn.id, turn.attempt FROM turn WHERE %s ORDER BY turn.id LIMIT 100
      """
          .formatted(MAY_END);

  private static final String CLAIM =
      """
      UPDATE turn
      SET attempt = attempt + 1, bases = array_append(bases, NULL), owner_id = $1,
        owned_since = clock_timestamp(), released_at = NULL, takeovers = takeovers + 1
      WHERE turn.id = $4 AND turn.attempt = $5 AND %s
      """
          .formatted(MAY_END);

  // A claim whose claimer died before its base gets the same one: nothing was stored under it.
  private static final String BASE =
      """
      UPDATE turn
      SET bases = ARRAY(
        SELECT coalesce(base, $3) FROM unnest(bases) WITH ORDINALITY AS b (base, attempt)
        ORDER BY b.attempt)
      WHERE id = $1 AND attempt = $2
      """;

  private static final int BYTES_PER_TOKEN = 4;

  private final Database database;
  private final OwnLease own;
  private final StoredLog log;
  private final TurnFinisher finisher;

  public OrphanCloser(Database database, OwnLease own) {
    this.database = database;
    this.own = own;
    this.log = new StoredLog(database);
    this.finisher = new TurnFinisher(database);
  }

  /** An unfinished turn and the attempt it was seen in. */
  record Orphan(UUID turn, int attempt) {}

  /**
   * Turns that have been orphans for {@code grace}, at most 100; none while this process has not
   * lived for {@code life}.
   */
  List<Orphan> orphans(Duration grace, Duration life) {
    var orphans = new ArrayList<Orphan>();
    for (var row : database.run(ORPHANS, own.id(), millis(grace), millis(life))) {
      orphans.add(new Orphan(row.getUUID(0), row.getInteger(1)));
    }
    return orphans;
  }

  /**
   * Ends the turn with what is stored of it: as cancelled where a cancel waits, refused where it
   * still waited at its deadline, else interrupted.
   *
   * @return false if it is no orphan of that age, or another process was faster
   */
  boolean close(Orphan orphan, Duration grace, Duration life) {
    var claimed =
        database.run(CLAIM, own.id(), millis(grace), millis(life), orphan.turn(), orphan.attempt());
    if (claimed.rowCount() == 0) {
      return false;
    }
    var attempt = orphan.attempt() + 1;
    var stored = Columns.first(database.run(StoredTurn.BY_ID, orphan.turn())).map(StoredTurn::read);
    if (stored.isEmpty()) {
      return false;
    }
    var text = log.text(orphan.turn(), stored.get().turn().bases());
    database.run(BASE, orphan.turn(), attempt, text.lastSeq());
    var finish =
        new Finish(
            own.id(),
            attempt,
            List.of(),
            text.lastSeq() + 1,
            outcome(stored.get(), text),
            text.text(),
            sha256(text.text()));
    return finisher.finish(orphan.turn(), finish) instanceof Finish.Result.Committed;
  }

  private static TurnOutcome outcome(StoredTurn stored, TurnText text) {
    var turn = stored.turn();
    var prefixes = turn.continues() == null ? 0 : 1;
    var usage =
        new Usage(
            (int) (stored.promptBytes() / BYTES_PER_TOKEN),
            Math.max(0, text.lastSeq() - prefixes),
            true);
    if (turn.cancelRequested()) {
      return new TurnOutcome.Cancelled(usage);
    }
    if (turn.state() == TurnState.ACCEPTED && stored.overdue()) {
      return new TurnOutcome.Failed(
          Failure.of(FailureCode.QUEUE_TIMEOUT, "No slot became free before the deadline."),
          null,
          null);
    }
    return new TurnOutcome.Interrupted(usage);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static double millis(Duration duration) {
    return duration.toMillis();
  }
}
