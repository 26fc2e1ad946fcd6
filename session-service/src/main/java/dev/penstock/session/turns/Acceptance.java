package dev.penstock.session.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import io.vertx.pgclient.PgException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Accepts turns (turns.md T-3 to T-5, T-19, T-35): one statement looks, one writes. The write is a
 * transaction that holds only if the session is still what was looked at; else we look again and
 * find out who was faster.
 */
final class Acceptance {
  private static final int MAX_TRIES = 10;
  private static final long CONTENDED_RETRY_MS = 1000;
  private static final String UNIQUE_VIOLATION = "23505";

  private final TenantDatabase foreground;
  private final StoredTurns turns;
  private final Restart restart;

  Acceptance(TenantDatabase foreground) {
    this.foreground = foreground;
    this.turns = new StoredTurns(foreground);
    this.restart = new Restart(foreground);
  }

  /** Accepts, or says why not; nothing is stored then, and no key used up. */
  Accept.Result accept(Caller caller, Accept accept) {
    try {
      for (var tries = 0; tries < MAX_TRIES; tries++) {
        var result = attempt(caller, accept);
        if (result.isPresent()) {
          return result.get();
        }
      }
    } catch (FailureException refused) {
      return new Accept.Result.Refused(refused.failure());
    }
    throw Failure.retryAfter(
            FailureCode.STORE_UNAVAILABLE,
            "The session is changed by others all the time.",
            CONTENDED_RETRY_MS)
        .asException();
  }

  // Empty: the session or the key changed between look and write.
  private Optional<Accept.Result> attempt(Caller caller, Accept accept) {
    var basisId = accept.basis() == null ? null : accept.basis().turnId();
    var session =
        foreground
            .row(
                caller.tenant(),
                basisId == null ? AskedSession.BY_ID : AskedSession.BY_TURN,
                caller.tenant(),
                caller.person(),
                accept.clientKey(),
                basisId == null ? accept.sessionId() : basisId)
            .map(AskedSession::read)
            .orElseThrow(Bodies::notFound);
    var key = session.key();
    if (key != null && !key.free()) {
      return replay(caller, accept, session, key);
    }
    if (session.activeTurn() != null) {
      return Optional.of(busy(caller, accept, session.activeTurn()));
    }
    if (key != null) {
      foreground.run(caller.tenant(), RequestKey.FORGET, caller.tenant(), accept.clientKey());
    }
    var basis = basisId == null ? null : basis(caller, accept, session, basisId);
    return store(newTurn(caller, accept, session, basis));
  }

  private static NewTurn newTurn(
      Caller caller, Accept accept, AskedSession session, @Nullable StoredTurn basis) {
    var resolution =
        basis == null
            ? Resolution.ofQuestion(accept, session)
            : Resolution.onBasis(accept, session, basis);
    var history =
        History.of(
            session.history(),
            basis == null ? session.nextOrdinal() : basis.inputOrdinal(),
            NewTurn.utf8Bytes(NewTurn.questionOf(accept, basis)));
    return new NewTurn(caller.tenant(), accept, session, basis, resolution, history);
  }

  private Optional<Accept.Result> store(NewTurn turn) {
    try {
      return turn.store(foreground)
          ? Optional.of(new Accept.Result.Accepted(turn.assignment(), false))
          : Optional.empty();
    } catch (PgException e) {
      if (UNIQUE_VIOLATION.equals(e.getSqlState())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Accept.Result> replay(
      Caller caller, Accept accept, AskedSession session, RequestKey key) {
    var turn = turns.find(caller, key.turnOf(accept.requestHash())).orElseThrow(Bodies::notFound);
    if (Restart.isDue(session, turn)) {
      return restart
          .restart(accept, turn)
          .map(assignment -> new Accept.Result.Accepted(assignment, true));
    }
    return Optional.of(new Accept.Result.Existing(turn.turn()));
  }

  private Accept.Result busy(Caller caller, Accept accept, UUID activeTurn) {
    if (accept.onBusy() == Accept.OnBusy.INTERRUPT) {
      turns.markCancelled(caller.tenant(), activeTurn);
    }
    return new Accept.Result.Busy(activeTurn);
  }

  private StoredTurn basis(Caller caller, Accept accept, AskedSession session, UUID id) {
    var basis = turns.find(caller, id).orElseThrow(Bodies::notFound);
    if (!session.id().equals(basis.turn().sessionId())) {
      throw Bodies.notFound();
    }
    if (!id.equals(session.lastTurn())) {
      throw Failure.of(FailureCode.NOT_LAST_TURN, "A later turn of this session exists.")
          .asException();
    }
    if (accept.basis() != null
        && accept.basis().kind() == Accept.Basis.Kind.CONTINUE
        && !endedEarly(basis.turn())) {
      throw Failure.of(
              FailureCode.CANNOT_CONTINUE,
              "Only a partial answer, or one ended by length, goes on.")
          .asException();
    }
    return basis;
  }

  private static boolean endedEarly(Turn turn) {
    var output = turn.output();
    return output != null
        && (turn.state() != TurnState.COMPLETED || output.finishReason() == FinishReason.LENGTH);
  }
}
