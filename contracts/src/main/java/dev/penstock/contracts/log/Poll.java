package dev.penstock.contracts.log;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.turn.TurnState;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /log/poll}: what one instance wants to know of the turns it follows. Attempt,
 * bases and rows of each turn come from one statement (turns.md T-23).
 */
public record Poll(List<Cursor> turns) {
  /**
   * @param attempt the attempt the follower has applied rows of
   * @param seq the last seq it has applied; 0 for none
   */
  public record Cursor(UUID turnId, int attempt, int seq) {}

  /** Answer of the poll; turns that do not exist are absent. */
  public record Result(List<Progress> turns) {}

  /**
   * What the log holds of one turn behind the cursor.
   *
   * @param bases base of attempt 1, 2, …; null while a claim has no base yet, and then {@code rows}
   *     is empty
   * @param rows rows that count (T-12) with {@code seqTo} above the cursor, in order; the page is
   *     bounded, the next poll brings the rest. If an attempt after the cursor's has a base below
   *     the cursor's seq, rows start behind that base, so the follower can rewind to it
   * @param ownerAlive whether the owner's lease still runs
   * @param logDropped the log is gone; the message has the text
   */
  public record Progress(
      UUID turnId,
      int attempt,
      List<@Nullable Integer> bases,
      TurnState state,
      int lastSeq,
      boolean ownerAlive,
      boolean logDropped,
      @Nullable QueuePlace queue,
      List<LogRow> rows) {}
}
