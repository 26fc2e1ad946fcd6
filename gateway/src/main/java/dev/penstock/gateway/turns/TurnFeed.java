package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.QueuePlace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the readers of one turn on this instance see of it. One thread at a time writes; readers are
 * on any thread and are woken after each change.
 */
public final class TurnFeed {
  private static final Watcher[] NOBODY = {};

  private final TurnHead head;
  private final @Nullable TurnSpan span;
  private volatile Watcher[] watchers = NOBODY;
  private volatile int confirmedOnly;
  private volatile int confirmed = Integer.MAX_VALUE;
  private volatile boolean everWatched;
  private volatile long unwatchedSinceNanos = System.nanoTime();
  private volatile @Nullable Edition edition;
  private volatile @Nullable QueuePlace place;
  private volatile @Nullable ReconnectReason sendAway;
  private volatile @Nullable TurnFeed movedTo;
  private volatile @Nullable EncodedTail tail;
  private volatile @Nullable Failure failure;
  private volatile @Nullable EndedTurn ended;

  TurnFeed(TurnHead head) {
    this(head, null);
  }

  /**
   * @param span is told when the last reader leaves and when one comes back; null for nobody
   */
  TurnFeed(TurnHead head, @Nullable TurnSpan span) {
    this.head = head;
    this.span = span;
  }

  /** What never changes of the turn. */
  public TurnHead head() {
    return head;
  }

  /** Null until it is known what there is to read. */
  @Nullable Edition edition() {
    return edition;
  }

  /** Whether the turn's log is gone, and its text known only as a whole. */
  public boolean isCondensed() {
    var now = edition;
    return now != null && now.condensed();
  }

  /**
   * The last seq of which it is known that every later attempt builds on it (turns.md T-30). What
   * was read from the log always is so; an end that is committed, too.
   */
  int confirmed() {
    return confirmed;
  }

  void confirmed(int seq) {
    confirmed = seq;
    wake();
  }

  /** Whether there are readers that may be told nothing else. Safe from any thread. */
  boolean isReadConfirmed() {
    return confirmedOnly > 0;
  }

  void publish(Edition now) {
    edition = now;
    wake();
  }

  /** The turn's place in the queue; null when it does not wait. */
  @Nullable QueuePlace place() {
    return place;
  }

  void place(@Nullable QueuePlace now) {
    place = now;
  }

  /** Why the turn fails, as its owner knows it. */
  void failure(Failure why) {
    failure = why;
  }

  /** The turn as the store has it now that its end is committed. */
  void ended(EndedTurn turn) {
    ended = turn;
  }

  /** Null unless this instance committed the end. */
  @Nullable EndedTurn ended() {
    return ended;
  }

  /** How the turn ended, or why that cannot be waited for; null while it can. */
  @Nullable TurnEnd end() {
    var now = edition;
    var event = now == null ? null : now.transcript().terminal();
    if (event != null) {
      return new TurnEnd.Committed(event, failure);
    }
    var reason = sendAway;
    return reason == null ? null : new TurnEnd.SentAway(reason);
  }

  /** Why readers are to come back later; null while they may stay. */
  @Nullable ReconnectReason sendAway() {
    return sendAway;
  }

  void sendAway(@Nullable ReconnectReason reason) {
    if (sendAway != reason) {
      sendAway = reason;
      wake();
    }
  }

  /** Where the turn can be read from now on; null while it is here. */
  @Nullable TurnFeed movedTo() {
    return movedTo;
  }

  void moveTo(TurnFeed next) {
    movedTo = next;
    wake();
  }

  /** Bytes another reader has encoded; null for none. */
  @Nullable EncodedTail tail() {
    return tail;
  }

  void tail(EncodedTail encoded) {
    tail = encoded;
  }

  /** Counts {@code watcher} as a reader from now on. */
  synchronized void add(Watcher watcher) {
    if (span != null && everWatched && watchers.length == 0) {
      span.clientResumed();
    }
    var more = Arrays.copyOf(watchers, watchers.length + 1);
    more[watchers.length] = watcher;
    watchers = more;
    confirmedOnly += watcher.readsConfirmed() ? 1 : 0;
    everWatched = true;
  }

  synchronized void remove(Watcher watcher) {
    for (var at = 0; at < watchers.length; at++) {
      if (watchers[at].equals(watcher)) {
        var fewer = new Watcher[watchers.length - 1];
        System.arraycopy(watchers, 0, fewer, 0, at);
        System.arraycopy(watchers, at + 1, fewer, at, fewer.length - at);
        unwatchedSinceNanos = System.nanoTime();
        confirmedOnly -= watcher.readsConfirmed() ? 1 : 0;
        watchers = fewer;
        if (span != null && fewer.length == 0) {
          span.clientGone();
        }
        return;
      }
    }
  }

  /** Readers on this instance. */
  int readers() {
    return watchers.length;
  }

  /** Whether there ever was a reader. */
  boolean everWatched() {
    return everWatched;
  }

  /** When the last reader left. */
  long unwatchedSinceNanos() {
    return unwatchedSinceNanos;
  }

  /** Tells all readers that there is more. */
  void wake() {
    for (var watcher : watchers) {
      watcher.changed();
    }
  }
}
