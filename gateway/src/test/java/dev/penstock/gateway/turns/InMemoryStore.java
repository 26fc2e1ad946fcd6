package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.store.PageRequest;
import dev.penstock.gateway.store.TurnStore;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Session-service in memory, by the rules of turns.md: fences by attempt, never a row twice, one
 * turn per session at a time. Shared by all gateways of a test; its failures are the test's to set.
 */
public final class InMemoryStore implements TurnStore {
  private final Map<UUID, StoredTurn> turns = new LinkedHashMap<>();
  private final Map<String, UUID> keys = new HashMap<>();
  private final Map<String, String> hashes = new HashMap<>();
  private final Map<UUID, Instant> leases = new HashMap<>();
  private final Map<UUID, List<UUID>> following = new HashMap<>();
  private final List<Flush> flushes = new CopyOnWriteArrayList<>();
  private final List<Finish> finishes = new CopyOnWriteArrayList<>();
  private final List<Accept> accepts = new CopyOnWriteArrayList<>();
  private volatile boolean unreachable;
  private volatile boolean finishUnreachable;
  private volatile boolean flushAnswersLost;
  private volatile boolean flushUnreachable;
  private volatile boolean acceptAnswersLost;
  private volatile Future<Void> beforeFinish = Future.succeededFuture();

  /** Every call fails until this is taken back. */
  void unreachable(boolean now) {
    unreachable = now;
  }

  void finishUnreachable(boolean now) {
    finishUnreachable = now;
  }

  /** Flushes are stored, but the gateway does not hear of it. */
  void flushAnswersLost(boolean now) {
    flushAnswersLost = now;
  }

  /** Flushes are not stored. */
  void flushUnreachable(boolean now) {
    flushUnreachable = now;
  }

  void acceptAnswersLost(boolean now) {
    acceptAnswersLost = now;
  }

  /** The next finishes commit once {@code gate} completes. */
  void finishAfter(Future<Void> gate) {
    beforeFinish = gate;
  }

  List<Flush> flushes() {
    return flushes;
  }

  List<Finish> finishes() {
    return finishes;
  }

  List<Accept> accepts() {
    return accepts;
  }

  synchronized StoredTurn stored(UUID turn) {
    return find(turn);
  }

  /** Another process claims the turn and says what of it counts (T-23). */
  synchronized void claim(UUID turn, UUID taker, Integer base) {
    var stored = find(turn);
    stored.attempt++;
    stored.owner = taker;
    stored.bases.add(base);
  }

  synchronized void store(LogRow row) {
    find(row.turnId()).rows.putIfAbsent(row.attempt() + "." + row.seqTo(), row);
  }

  /** What the reaper does to a turn nobody goes on with. */
  synchronized void interrupt(UUID turn, UUID reaper) {
    var stored = find(turn);
    claim(turn, reaper, stored.lastContiguous());
    stored.interrupt();
  }

  synchronized void delete(UUID turn) {
    turns.remove(turn);
  }

  synchronized void dropLog(UUID turn) {
    find(turn).rows.clear();
  }

  synchronized void expire(UUID instance) {
    leases.remove(instance);
  }

  @Override
  public Future<Accept.Result> accept(Caller caller, Accept accept) {
    accepts.add(accept);
    var answer = answer(() -> accepted(caller, accept));
    return acceptAnswersLost ? answer.compose(_ -> lost()) : answer;
  }

  private Accept.Result accepted(Caller caller, Accept accept) {
    var known = keys.get(accept.clientKey());
    if (known != null) {
      var turn = find(known);
      if (!accept.requestHash().equals(hashes.get(accept.clientKey()))) {
        return new Accept.Result.Refused(
            Failure.of(FailureCode.IDEMPOTENCY_KEY_REUSED, "Use another key."));
      }
      if (turn.refused) {
        if (accept.refusal() != null) {
          return new Accept.Result.Refused(accept.refusal());
        }
        turn.restart(accept.instance());
        return new Accept.Result.Accepted(assignment(turn), true);
      }
      return new Accept.Result.Existing(turn.turn(ownerAlive(turn)));
    }
    if (accept.refusal() != null) {
      return new Accept.Result.Refused(accept.refusal());
    }
    var basis = accept.place() instanceof Accept.Place.OnTurn(_, var on) ? find(on) : null;
    var session =
        switch (accept.place()) {
          case Accept.Place.InSession(var id) -> id;
          case Accept.Place.InAgentSession _ ->
              throw new IllegalArgumentException("here sessions have ids only");
          case Accept.Place.OnTurn _ -> Objects.requireNonNull(basis).session;
          case Accept.Place.Chained _ -> null;
        };
    for (var each : turns.values()) {
      if (session != null && session.equals(each.session) && !each.state.isFinal()) {
        if (accept.terms().onBusy() == Accept.OnBusy.INTERRUPT) {
          each.cancel = true;
        }
        return new Accept.Result.Busy(each.id);
      }
    }
    var turn = new StoredTurn(session, caller, accept, basis);
    turns.put(turn.id, turn);
    keys.put(accept.clientKey(), turn.id);
    hashes.put(accept.clientKey(), accept.requestHash());
    return new Accept.Result.Accepted(assignment(turn), false);
  }

  private Accept.Assignment assignment(StoredTurn turn) {
    var history = new ArrayList<ChatMessage>();
    history.add(new ChatMessage(Role.USER, turn.text));
    if (turn.prefix != null) {
      history.add(new ChatMessage(Role.ASSISTANT, turn.prefix));
    }
    return new Accept.Assignment(
        turn.turn(true), history, turn.prefix, turn.caller.tenant(), turn.caller.user());
  }

  @Override
  public Future<Turn> turn(Caller caller, UUID id) {
    return answer(
        () -> {
          var turn = find(id);
          return turn.turn(ownerAlive(turn));
        });
  }

  @Override
  public Future<Turn.Page> turns(Caller caller, UUID session, PageRequest page) {
    return answer(
        () ->
            new Turn.Page(
                turns.values().stream()
                    .filter(turn -> session.equals(turn.session))
                    .map(turn -> turn.turn(ownerAlive(turn)))
                    .toList()
                    .reversed(),
                null));
  }

  @Override
  public Future<Session> session(Caller caller, UUID session) {
    return answer(
        () ->
            new Session(
                session,
                null,
                null,
                null,
                null,
                "sim",
                GenerationOptions.NONE,
                Map.of(),
                1,
                0,
                turns.values().stream()
                    .filter(turn -> session.equals(turn.session) && !turn.state.isFinal())
                    .map(turn -> turn.id)
                    .findFirst()
                    .orElse(null),
                Instant.EPOCH,
                Instant.EPOCH));
  }

  @Override
  public Future<Turn> cancel(Caller caller, UUID id) {
    return answer(
        () -> {
          var turn = find(id);
          turn.cancel = true;
          return turn.turn(ownerAlive(turn));
        });
  }

  @Override
  public Future<Accept.Assignment> assignment(UUID id, UUID instance) {
    return answer(() -> assignment(find(id)));
  }

  @Override
  public Future<Finish.Result> finish(Span within, UUID id, Finish finish) {
    finishes.add(finish);
    if (finishUnreachable) {
      return lost();
    }
    var asker = Vertx.currentContext();
    return beforeFinish.compose(_ -> answer(asker, () -> find(id).finish(finish)));
  }

  @Override
  public Future<Flush.Confirmed> flush(Flush flush) {
    flushes.add(flush);
    if (flushUnreachable) {
      return lost();
    }
    var answer =
        answer(
            () -> {
              for (var row : flush.rows()) {
                var turn = find(row.turnId());
                turn.rows.putIfAbsent(row.attempt() + "." + row.seqTo(), row);
                if (turn.attempt == row.attempt() && turn.state == TurnState.ACCEPTED) {
                  turn.state = TurnState.STREAMING;
                }
              }
              flush.places().forEach(place -> find(place.turnId()).queue = place.place());
              return confirmed(flush);
            });
    return flushAnswersLost ? answer.compose(_ -> lost()) : answer;
  }

  private Flush.Confirmed confirmed(Flush flush) {
    return new Flush.Confirmed(
        flush.confirm().stream()
            .filter(asked -> find(asked.turnId()).attempt == asked.attempt())
            .map(Flush.Confirm::turnId)
            .toList());
  }

  @Override
  public Future<Poll.Result> poll(Poll poll) {
    return answer(
        () ->
            new Poll.Result(
                poll.turns().stream()
                    .filter(cursor -> turns.containsKey(cursor.turnId()))
                    .map(
                        cursor -> {
                          var turn = find(cursor.turnId());
                          return turn.progress(cursor, ownerAlive(turn));
                        })
                    .toList()));
  }

  @Override
  public Future<Renewal.Result> renew(UUID instance, Renewal renewal) {
    return answer(
        () -> {
          leases.put(instance, Instant.now().plusSeconds(5));
          following.put(instance, renewal.following());
          var mine =
              turns.values().stream()
                  .filter(turn -> instance.equals(turn.owner) && !turn.state.isFinal())
                  .toList();
          return new Renewal.Result(
              renewal.running().stream().filter(id -> !instance.equals(find(id).owner)).toList(),
              mine.stream().filter(turn -> turn.cancel).map(turn -> turn.id).toList(),
              mine.stream()
                  .map(turn -> turn.id)
                  .filter(id -> !renewal.running().contains(id))
                  .toList(),
              mine.stream().map(turn -> turn.id).filter(id -> isFollowed(id, instance)).toList(),
              leases.size());
        });
  }

  private boolean isFollowed(UUID id, UUID owner) {
    return following.entrySet().stream()
        .anyMatch(each -> !each.getKey().equals(owner) && each.getValue().contains(id));
  }

  @Override
  public Future<Void> release(UUID instance) {
    return answer(
            () -> {
              leases.remove(instance);
              following.remove(instance);
              return Optional.empty();
            })
        .mapEmpty();
  }

  boolean holdsLease(UUID instance) {
    synchronized (this) {
      return leases.containsKey(instance);
    }
  }

  private boolean ownerAlive(StoredTurn turn) {
    return turn.owner != null && leases.containsKey(turn.owner);
  }

  private StoredTurn find(UUID id) {
    var turn = turns.get(id);
    if (turn == null) {
      throw Failure.of(FailureCode.NOT_FOUND, "There is no such turn.").asException();
    }
    return turn;
  }

  private <T> Future<T> answer(Supplier<T> work) {
    return answer(Vertx.currentContext(), work);
  }

  private <T> Future<T> answer(Context asker, Supplier<T> work) {
    var answer = Promise.<T>promise();
    if (unreachable) {
      return lost();
    }
    asker.runOnContext(
        _ -> {
          try {
            synchronized (this) {
              answer.complete(work.get());
            }
          } catch (RuntimeException e) {
            answer.fail(e);
          }
        });
    return answer.future();
  }

  private static <T> Future<T> lost() {
    return Future.failedFuture(
        Failure.retryAfter(FailureCode.STORE_UNAVAILABLE, "Not reachable in this test.", 1000)
            .asException());
  }
}
