package dev.penstock.session.turns;

import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.session.database.Columns;
import dev.penstock.session.database.Database;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import java.util.Optional;
import java.util.UUID;

/** Stored turns, as callers and owners ask for them. Every call blocks its virtual thread. */
public final class Turns {
  private final Database owners;
  private final StoredTurns turns;
  private final Acceptance acceptance;
  private final Cancellation cancellation;

  public Turns(TenantDatabase foreground, Database owners, OrphanCloser closer) {
    this.owners = owners;
    this.turns = new StoredTurns(foreground);
    this.acceptance = new Acceptance(foreground);
    this.cancellation = new Cancellation(turns, closer);
  }

  /**
   * Accepts a turn, or says why not. A busy session whose turn is to be interrupted is still busy:
   * the caller comes again (turns.md T-35).
   */
  public Accept.Result accept(Caller caller, Accept accept) {
    var result = acceptance.accept(caller, accept);
    if (result instanceof Accept.Result.Busy(var active)
        && accept.terms().onBusy() == Accept.OnBusy.INTERRUPT) {
      cancellation.endIfOrphan(show(caller, active));
    }
    return result;
  }

  /** Cancels a turn (T-34); the answer is final where its owner is dead. */
  public Turn cancel(Caller caller, UUID id) {
    return cancellation.cancel(caller, id);
  }

  /**
   * Cancels a turn if it is unfinished, and hides it; its messages stay in its conversation.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  public void delete(Caller caller, UUID id) {
    cancellation.cancel(caller, id);
    if (!turns.hide(caller, id)) {
      throw Bodies.notFound();
    }
  }

  /**
   * A turn.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}
   */
  public Turn show(Caller caller, UUID id) {
    return turns.find(caller, id).orElseThrow(Bodies::notFound).turn();
  }

  /** What the owner needs to generate a turn; empty if that instance is not its owner. */
  public Optional<Accept.Assignment> assignment(UUID id, UUID instance) {
    return find(id)
        .filter(stored -> instance.equals(stored.turn().owner()))
        .map(
            stored ->
                Assignments.of(
                    stored,
                    owners::run,
                    Optional.ofNullable(stored.turn().continues()).flatMap(this::find)));
  }

  private Optional<StoredTurn> find(UUID id) {
    return Columns.first(owners.run(StoredTurn.BY_ID, id)).map(StoredTurn::read);
  }
}
