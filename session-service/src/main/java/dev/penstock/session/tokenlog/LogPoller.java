package dev.penstock.session.tokenlog;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells an instance what the turns it follows have gained (turns.md T-11, T-12, T-23, T-29).
 *
 * <p>Attempt, bases and rows come from one statement and so from one snapshot: a row committed
 * beside a claim can't be delivered past the base that claim is going to have.
 */
public final class LogPoller {
  // A page holds at most 256 rows and about 256 KiB of a turn, and about 4 MiB of all turns.
  // Rows count up to the least base of any later attempt; a row never spans a base.
  // A join with unnest and not "= ANY": that way the partitions are pruned (a test reads the plan).
  // OFFSET 0 keeps what is known of a turn from being computed again for each of its rows.
  static final String POLL =
      """
      SELECT id, attempt, bases, state, queue, owner_alive, last_seq, log_dropped,
        row_attempt, seq_from, seq_to, kind, CASE WHEN bytes < 4194304 THEN data END
      FROM (
        SELECT turn.id, turn.attempt, turn.bases, turn.state, turn.queue::text,
          coalesce(owner.lease_until > clock_timestamp(), false) AS owner_alive,
          known.last_seq, known.log_dropped,
          page.attempt AS row_attempt, page.seq_from, page.seq_to, page.kind, page.data,
          follower.place,
          coalesce(sum(octet_length(page.data)) OVER through - octet_length(page.data), 0) AS bytes,
          lag(follower.place) OVER through IS DISTINCT FROM follower.place AS first_of_turn
        FROM unnest($1::uuid[], $2::int[], $3::int[]) WITH ORDINALITY
          AS follower (turn_id, attempt, seq, place)
        JOIN turn ON turn.id = follower.turn_id
        LEFT JOIN instance AS owner ON owner.id = turn.owner_id
        CROSS JOIN LATERAL (
          SELECT
            least(follower.seq, (
              SELECT min(base)
              FROM unnest(turn.bases[follower.attempt + 1 : turn.attempt]) AS base
            )) AS seq,
            CASE WHEN follower.attempt BETWEEN 1 AND turn.attempt
                AND follower.seq >= turn.bases[follower.attempt] THEN follower.attempt
              ELSE 1 END AS attempt,
            coalesce(
              turn.last_seq,
              (SELECT max(seq_to) FROM token_log AS l
                WHERE l.turn_id = turn.id AND l.attempt = turn.attempt),
              turn.bases[turn.attempt],
              0) AS last_seq,
            turn.last_seq IS NOT NULL AND NOT EXISTS (
              SELECT FROM token_log AS l
              WHERE l.turn_id = turn.id AND l.attempt = turn.attempt AND l.seq_to = turn.last_seq
            ) AS log_dropped
          OFFSET 0
        ) AS known
        LEFT JOIN LATERAL (
          SELECT l.attempt, l.seq_from, l.seq_to, l.kind, l.data,
            sum(octet_length(l.data)) OVER (ORDER BY l.attempt, l.seq_to)
              - octet_length(l.data) AS bytes
          FROM generate_series(known.attempt, turn.attempt) AS number (attempt)
          CROSS JOIN LATERAL (
            SELECT stored.* FROM token_log AS stored
            WHERE stored.turn_id = follower.turn_id AND stored.attempt = number.attempt
              AND stored.seq_to > greatest(known.seq, turn.bases[number.attempt])
              AND (number.attempt = turn.attempt OR stored.seq_to <= (
                SELECT min(base)
                FROM unnest(turn.bases[number.attempt + 1 : turn.attempt]) AS base))
            ORDER BY stored.seq_to LIMIT 256
          ) AS l
          WHERE turn.bases[turn.attempt] IS NOT NULL
          ORDER BY l.attempt, l.seq_to LIMIT 256
        ) AS page ON page.bytes < 262144
        WINDOW through AS (ORDER BY follower.place, page.attempt, page.seq_to)
      ) AS progress
      WHERE bytes < 4194304 OR first_of_turn
      ORDER BY place, row_attempt, seq_to
      """;

  private final Database log;

  public LogPoller(Database log) {
    this.log = log;
  }

  /** What lies behind each cursor; turns that do not exist are absent. */
  public Poll.Result poll(Poll poll) {
    var cursors = poll.turns();
    var turns = new UUID[cursors.size()];
    var attempts = new Integer[cursors.size()];
    var seqs = new Integer[cursors.size()];
    for (var i = 0; i < cursors.size(); i++) {
      turns[i] = cursors.get(i).turnId();
      attempts[i] = cursors.get(i).attempt();
      seqs[i] = cursors.get(i).seq();
    }
    var progress = new LinkedHashMap<UUID, Poll.Progress>();
    for (var row : log.run(POLL, turns, attempts, seqs)) {
      var in = new Columns(row);
      var turn = in.uuid();
      var known = progress.get(turn);
      if (known == null) {
        known = progress(turn, in);
        progress.put(turn, known);
      } else {
        in.skip(7);
      }
      var stored = rowOrNull(turn, in);
      if (stored != null) {
        known.rows().add(stored);
      }
    }
    return new Poll.Result(List.copyOf(progress.values()));
  }

  private static Poll.Progress progress(UUID turn, Columns in) {
    var attempt = in.integer();
    var bases = in.integers();
    var state = in.word(TurnState.class);
    var queue = in.jsonOrNull(QueuePlace.class);
    var ownerAlive = in.flag();
    var lastSeq = in.integer();
    var logDropped = in.flag();
    return new Poll.Progress(
        turn,
        attempt,
        bases,
        state,
        lastSeq,
        ownerAlive && !state.isFinal(),
        logDropped,
        queue,
        new ArrayList<>());
  }

  // Null where the turn has no row behind the cursor, or where the page of all turns is full.
  private static @Nullable LogRow rowOrNull(UUID turn, Columns in) {
    if (in.isNull()) {
      return null;
    }
    var attempt = in.integer();
    var from = in.integer();
    var to = in.integer();
    var kind = in.word(LogRow.Kind.class);
    var data = in.textOrNull();
    return data == null ? null : new LogRow(turn, attempt, from, to, kind, data);
  }
}
