package dev.penstock.gateway.store;

import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * What turns need of session-service. Every future completes on the caller's context, and fails
 * with a {@code FailureException}.
 */
public interface TurnStore {
  /** Accepts a turn (turns.md T-3 to T-5). */
  Future<Accept.Result> accept(Caller caller, Accept accept);

  /** One turn; {@code not_found} if it is unknown or another's. */
  Future<Turn> turn(Caller caller, UUID turn);

  /** The turns of a session, refused and regenerated ones too. */
  Future<Turn.Page> turns(Caller caller, UUID session, PageRequest page);

  /** One session; {@code not_found} if it is unknown or another's. */
  Future<Session> session(Caller caller, UUID session);

  /** Marks a turn for cancel, or finishes it where its owner is dead (T-34). */
  Future<Turn> cancel(Caller caller, UUID turn);

  /** What the owner needs to generate a turn. */
  Future<Accept.Assignment> assignment(UUID turn, UUID instance);

  /**
   * Commits the end of a turn (T-13 to T-15).
   *
   * @param within the span of the attempt that ends
   */
  Future<Finish.Result> finish(Span within, UUID turn, Finish finish);

  /** Stores what this instance's turns gained (T-10), and confirms what it asks about (T-30). */
  Future<Flush.Confirmed> flush(Flush flush);

  /** Reads what other instances' turns gained (T-29). */
  Future<Poll.Result> poll(Poll poll);

  /** Renews this instance's lease (T-20, T-21). */
  Future<Renewal.Result> renew(UUID instance, Renewal renewal);

  /** Gives the lease up, at the end of a drain. */
  Future<Void> release(UUID instance);
}
