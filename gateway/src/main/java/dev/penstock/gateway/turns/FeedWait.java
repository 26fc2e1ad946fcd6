package dev.penstock.gateway.turns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Waits until a turn's feed is as somebody wants it, wherever the turn moves meanwhile; counts as a
 * reader as long. Confined to the event loop of whoever waits.
 */
final class FeedWait implements Watcher {
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Promise<TurnFeed> promise = Promise.promise();
  private final TurnLoop loop;
  private final Predicate<TurnFeed> awaited;
  private TurnFeed feed;

  FeedWait(TurnLoop loop, TurnFeed feed, Predicate<TurnFeed> awaited) {
    this.loop = loop;
    this.feed = feed;
    this.awaited = awaited;
    feed.add(this);
    look();
  }

  /** Completes with the feed, once it is; never if the wait was abandoned. */
  Future<TurnFeed> future() {
    return promise.future();
  }

  /** Waits no longer. */
  void abandon() {
    feed.remove(this);
  }

  @Override
  public void changed() {
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(this::look);
    }
  }

  private void look() {
    scheduled.set(false);
    for (var next = feed.movedTo(); next != null; next = feed.movedTo()) {
      next.add(this);
      feed.remove(this);
      feed = next;
    }
    if (awaited.test(feed) && promise.tryComplete(feed)) {
      feed.remove(this);
    }
  }
}
