package dev.penstock.gateway.turns;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.store.TurnStore;
import io.vertx.core.AsyncResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the turns of other instances, and ended ones, from the token log: all of them in one query,
 * every 100 ms, one query in flight at a time (turns.md T-29). Each is kept as long as it has
 * readers. One per process; works on the background loop, {@link #follow} is safe from any thread.
 */
final class Follower {
  private static final System.Logger LOG = System.getLogger(Follower.class.getName());

  /** How long a turn is kept for a reader that is about to come. */
  private static final long GRACE_NANOS = Duration.ofSeconds(2).toNanos();

  private final Map<UUID, FollowedTurn> followed = new ConcurrentHashMap<>();
  private final TurnsConfig config;
  private volatile @Nullable TurnLoop loop;
  private volatile @Nullable ReconnectReason sendAway;
  private volatile boolean polling;
  private @Nullable TurnStore store;
  private boolean pollAgain;
  private @Nullable Long failingSinceNanos;

  Follower(TurnsConfig config) {
    this.config = config;
  }

  /** Begins to poll. Call on the background loop. */
  void start(TurnLoop background, TurnStore store) {
    this.store = store;
    loop = background;
    background.vertx().setPeriodic(config.pollEvery().toMillis(), _ -> tick());
  }

  /**
   * The feed of a turn, read from the log from now on.
   *
   * @param turn as {@code caller} sees it
   */
  TurnFeed follow(Caller caller, Turn turn) {
    var entry =
        followed.compute(
            turn.id(),
            (_, known) ->
                known == null || known.isOutdatedBy(turn)
                    ? new FollowedTurn(caller, turn)
                    : known.asked());
    entry.feed().sendAway(sendAway);
    var background = loop;
    if (background != null) {
      background.execute(this::poll);
    }
    return entry.feed();
  }

  /** Asks all readers to come back elsewhere, those who are yet to come too. */
  void sendAway(ReconnectReason reason) {
    sendAway = reason;
    followed.values().forEach(each -> each.feed().sendAway(reason));
  }

  /** Turns with readers here. Safe from any thread. */
  List<UUID> following() {
    return followed.values().stream()
        .filter(each -> each.feed().readers() > 0 && !each.isEnded())
        .map(each -> each.feed().head().id())
        .toList();
  }

  /** Turns kept. Safe from any thread. */
  int count() {
    return followed.size();
  }

  /** Readers of all of them. Safe from any thread. */
  int readers() {
    return followed.values().stream().mapToInt(each -> each.feed().readers()).sum();
  }

  /** Whether a query is under way. Safe from any thread. */
  boolean isPolling() {
    return polling;
  }

  private void tick() {
    for (var id : followed.keySet()) {
      followed.computeIfPresent(id, (_, entry) -> entry.isWanted(GRACE_NANOS) ? entry : null);
    }
    poll();
  }

  private void poll() {
    if (polling) {
      pollAgain = true;
      return;
    }
    var asked =
        followed.values().stream()
            .filter(each -> !each.isEnded())
            .collect(Collectors.toMap(each -> each.feed().head().id(), each -> each));
    if (asked.isEmpty() || store == null) {
      return;
    }
    polling = true;
    pollAgain = false;
    store
        .poll(new Poll(asked.values().stream().map(FollowedTurn::cursor).toList()))
        .onComplete(answer -> polled(asked, answer));
  }

  private void polled(Map<UUID, FollowedTurn> asked, AsyncResult<Poll.Result> answer) {
    polling = false;
    if (answer.failed()) {
      failed(answer.cause());
      return;
    }
    if (failingSinceNanos != null) {
      failingSinceNanos = null;
      followed.values().forEach(each -> each.feed().sendAway(sendAway));
    }
    var more = false;
    for (var progress : answer.result().turns()) {
      var entry = asked.remove(progress.turnId());
      if (entry != null) {
        more |= apply(entry, progress);
      }
    }
    asked.values().forEach(FollowedTurn::deleted);
    if (more || pollAgain) {
      poll();
    }
  }

  private boolean apply(FollowedTurn entry, Poll.Progress progress) {
    if (!progress.logDropped()) {
      return entry.apply(progress);
    }
    if (entry.turn().state().isFinal()) {
      entry.condense(entry.turn());
    } else if (store != null) {
      store
          .turn(entry.caller(), progress.turnId())
          .onSuccess(
              turn -> {
                if (turn.state().isFinal() && !entry.isEnded()) {
                  entry.condense(turn);
                }
              })
          .onFailure(this::failed);
    }
    return false;
  }

  private void failed(Throwable cause) {
    var now = System.nanoTime();
    if (failingSinceNanos == null) {
      LOG.log(WARNING, "followed turns cannot be read: " + cause);
      failingSinceNanos = now;
    } else if (now - failingSinceNanos >= config.uncommitted().toNanos()) {
      followed.values().forEach(each -> each.feed().sendAway(ReconnectReason.STORE_UNAVAILABLE));
    }
  }
}
