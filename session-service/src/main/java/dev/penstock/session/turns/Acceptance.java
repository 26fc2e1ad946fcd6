package dev.penstock.session.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.state.AgentSessionKey;
import io.vertx.pgclient.PgException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
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
    return switch (accept.place()) {
      case Accept.Place.InSession(var id) ->
          inSession(caller, accept, asked(caller, accept, AskedSession.BY_ID, id), null);
      case Accept.Place.InAgentSession(var asked) -> {
        var key = AgentSessionKey.of(caller, asked);
        var uuid = AgentSessionKey.uuidOrNull(key.id());
        var session =
            asked(caller, accept, AskedSession.BY_AGENT_KEY, key.app(), key.user(), key.id(), uuid);
        yield inSession(caller, accept, session, null);
      }
      case Accept.Place.OnTurn(_, var id) ->
          inSession(caller, accept, asked(caller, accept, AskedSession.BY_TURN, id), id);
      case Accept.Place.Chained(var parent) -> chained(caller, accept, parent);
    };
  }

  private AskedSession asked(
      Caller caller, Accept accept, String sql, @Nullable Object... session) {
    var parameters = new ArrayList<@Nullable Object>();
    parameters.add(caller.tenant());
    parameters.add(caller.person());
    parameters.add(accept.clientKey());
    parameters.addAll(Arrays.asList(session));
    return foreground
        .row(caller.tenant(), sql, parameters.toArray())
        .map(AskedSession::read)
        .orElseThrow(Bodies::notFound);
  }

  private Optional<Accept.Result> inSession(
      Caller caller, Accept accept, AskedSession session, @Nullable UUID basisId) {
    var key = session.key();
    if (key != null && !key.free()) {
      return replay(caller, accept, key, turn -> turn.turn().id().equals(session.lastTurn()));
    }
    refuse(accept);
    if (session.activeTurn() != null) {
      return Optional.of(busy(caller, accept, session.activeTurn()));
    }
    forget(caller, accept, key);
    var place =
        new NewTurn.Place(
            caller.tenant(),
            null,
            session,
            session.freshTurn(),
            session.freshMessage(),
            session.nextOrdinal(),
            session.now());
    if (basisId == null) {
      return store(
          newTurn(
              place,
              accept,
              Resolution.ofQuestion(accept, session.inherited()),
              session.history()));
    }
    var earlier = basis(caller, accept, session, basisId);
    var given =
        Given.read(
            foreground.run(
                caller.tenant(), Given.SELECT, caller.tenant(), earlier.inputMessageId()));
    if (given.isEmpty()) {
      throw Failure.of(FailureCode.CANNOT_CONTINUE, "What it answers was taken out of the session.")
          .asException();
    }
    return store(
        new NewTurn(
            place,
            accept,
            new NewTurn.Basis(earlier, given),
            Resolution.onBasis(accept, session.inherited(), earlier),
            History.of(session.history(), earlier.inputOrdinal(), Given.bytes(given)),
            given));
  }

  private Optional<Accept.Result> chained(Caller caller, Accept accept, @Nullable UUID parent) {
    var chain =
        foreground
            .row(
                caller.tenant(),
                AskedChain.SELECT,
                caller.tenant(),
                caller.person(),
                accept.clientKey(),
                parent)
            .map(AskedChain::read)
            .orElseThrow(() -> new IllegalStateException("no row where there always is one"));
    var key = chain.key();
    if (key != null && !key.free()) {
      return replay(caller, accept, key, _ -> true);
    }
    refuse(accept);
    if (parent != null) {
      if (chain.parentState() == null) {
        throw Bodies.notFound();
      }
      if (!chain.parentState().isFinal()) {
        return Optional.of(busy(caller, accept, parent));
      }
    }
    forget(caller, accept, key);
    var place =
        new NewTurn.Place(
            caller.tenant(),
            caller.person(),
            null,
            chain.freshTurn(),
            chain.freshMessage(),
            chain.nextOrdinal(),
            chain.now());
    return store(
        newTurn(
            place,
            accept,
            Resolution.ofQuestion(accept, Resolution.Inherited.NONE),
            chain.history()));
  }

  /** What begins a generation needs more than a known key. */
  private static void refuse(Accept accept) {
    if (accept.refusal() != null) {
      throw accept.refusal().asException();
    }
  }

  private static NewTurn newTurn(
      NewTurn.Place place, Accept accept, Resolution resolution, List<History.Entry> before) {
    var given = accept.input().stream().map(MessageDraft::said).toList();
    var history = History.of(before, place.ordinal(), Given.bytes(given));
    return new NewTurn(place, accept, null, resolution, history, given);
  }

  private void forget(Caller caller, Accept accept, @Nullable RequestKey key) {
    if (key != null) {
      foreground.run(caller.tenant(), RequestKey.FORGET, caller.tenant(), accept.clientKey());
    }
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
      Caller caller, Accept accept, RequestKey key, Predicate<StoredTurn> newest) {
    var turn = turns.find(caller, key.turnOf(accept.requestHash())).orElseThrow(Bodies::notFound);
    if (Restart.isDue(turn) && newest.test(turn)) {
      refuse(accept);
      return restart
          .restart(accept, turn)
          .map(assignment -> new Accept.Result.Accepted(assignment, true));
    }
    return Optional.of(new Accept.Result.Existing(turn.turn()));
  }

  private Accept.Result busy(Caller caller, Accept accept, UUID activeTurn) {
    if (accept.terms().onBusy() == Accept.OnBusy.INTERRUPT) {
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
    if (accept.place() instanceof Accept.Place.OnTurn(var how, _)
        && how == Accept.Basis.CONTINUE
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
