package dev.penstock.gateway.turns;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.gateway.store.TurnStore;
import io.vertx.core.AsyncResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores what all turns of this instance gained, in one request per tick, one in flight at a time
 * (turns.md T-10). One per process, confined to the background loop.
 */
final class Flusher {
  private static final System.Logger LOG = System.getLogger(Flusher.class.getName());

  private static final int MAX_ROW_BYTES = 64 * 1024;

  /** What a request holds at most is this and one more row. */
  private static final int MAX_FLUSH_BYTES = 1024 * 1024;

  private final UUID instance;
  private final TurnRegistry registry;
  private @Nullable TurnStore store;
  private volatile boolean flushing;
  private boolean failing;

  Flusher(UUID instance, TurnRegistry registry) {
    this.instance = instance;
    this.registry = registry;
  }

  /** Begins to flush. Call on the background loop. */
  void start(TurnLoop background, TurnStore store, TurnsConfig config) {
    this.store = store;
    background.vertx().setPeriodic(config.flushEvery().toMillis(), _ -> tick());
  }

  /** Whether a request is under way. Safe from any thread. */
  boolean isFlushing() {
    return flushing;
  }

  private void tick() {
    if (!flushing) {
      flush();
    }
  }

  private void flush() {
    var rows = new ArrayList<LogRow>();
    var places = new ArrayList<Flush.Place>();
    var sent = new ArrayList<LogCursor>();
    var asked = new ArrayList<OwnedTurn>();
    var bytes = 0;
    for (var turn : registry.all()) {
      if (bytes >= MAX_FLUSH_BYTES) {
        break;
      }
      var log = turn.log();
      var row = log.next(MAX_ROW_BYTES);
      var place = log.place(turn.feed().place());
      if (row != null) {
        rows.add(row);
        bytes += row.data().length();
      }
      if (place != null) {
        places.add(place);
      }
      if (row != null || place != null) {
        sent.add(log);
      }
      if (turn.feed().isReadConfirmed() && log.isUnconfirmed()) {
        asked.add(turn);
      }
    }
    if ((sent.isEmpty() && asked.isEmpty()) || store == null) {
      return;
    }
    var full = bytes >= MAX_FLUSH_BYTES;
    var confirm = asked.stream().map(each -> new Flush.Confirm(each.id(), each.attempt())).toList();
    flushing = true;
    store
        .flush(new Flush(instance, rows, places, confirm))
        .onComplete(done -> flushed(sent, asked, full, done));
  }

  private void flushed(
      List<LogCursor> sent,
      List<OwnedTurn> asked,
      boolean full,
      AsyncResult<Flush.Confirmed> done) {
    flushing = false;
    if (done.failed()) {
      if (!failing) {
        LOG.log(WARNING, "the token log cannot be written: " + done.cause());
      }
      failing = true;
      return;
    }
    failing = false;
    sent.forEach(LogCursor::acknowledge);
    if (!asked.isEmpty()) {
      var confirmed = Set.copyOf(done.result().confirmed());
      asked.stream()
          .filter(each -> confirmed.contains(each.id()))
          .forEach(each -> each.feed().confirmed(each.log().confirm()));
    }
    if (full) {
      flush();
    }
  }
}
