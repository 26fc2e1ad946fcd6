package dev.penstock.gateway.keyuse;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.gateway.store.SessionStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reports use to session-service in batches, one at a time: each is sent unchanged until it is
 * acknowledged, and counted once. What was not reported is lost with the process: the use of one
 * period, longer only while session-service is away.
 */
public final class UseReports extends VerticleBase {
  private static final System.Logger LOG = System.getLogger(UseReports.class.getName());

  /** What is left of a drain once answers have ended. */
  private static final long LAST_MS = 400;

  /** Well below what session-service reads of a body. */
  private static final int MAX_ROWS = 1_000;

  private final UUID instance = UUID.randomUUID();
  private final UseLedger ledger;
  private final Duration period;
  private final Function<Vertx, SessionStore> storeOn;
  private @Nullable SessionStore store;
  private KeyUse.@Nullable Batch unacknowledged;
  private @Nullable Future<Void> sending;
  private long batches;
  private boolean failing;

  /**
   * @param storeOn makes the client of session-service for its loop
   */
  public UseReports(UseLedger ledger, Duration period, Function<Vertx, SessionStore> storeOn) {
    this.ledger = ledger;
    this.period = period;
    this.storeOn = storeOn;
  }

  @Override
  public Future<?> start() {
    store = storeOn.apply(vertx);
    vertx.setPeriodic(period.toMillis(), _ -> report());
    return Future.succeededFuture();
  }

  /** Reports what is left, at the end of a drain; fails never. Safe from any thread. */
  public Future<Void> last() {
    if (context == null) {
      return Future.succeededFuture(); // never deployed
    }
    var done = Promise.<Void>promise();
    // What is under way was counted before; behind it comes the rest.
    context.runOnContext(_ -> report().eventually(this::report).onComplete(_ -> done.complete()));
    return done.future().timeout(LAST_MS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private Future<Void> report() {
    var under = sending;
    if (under != null) {
      return under;
    }
    var batch = next();
    if (batch == null || store == null) {
      return Future.succeededFuture();
    }
    var sent = store.addKeyUse(batch).onSuccess(_ -> told()).onFailure(this::failed);
    sending = sent;
    return sent.onComplete(_ -> sending = null);
  }

  private KeyUse.@Nullable Batch next() {
    if (unacknowledged == null) {
      var uses = ledger.take(MAX_ROWS);
      if (!uses.isEmpty()) {
        unacknowledged = new KeyUse.Batch(instance, ++batches, uses);
      }
    }
    return unacknowledged;
  }

  private void told() {
    unacknowledged = null;
    failing = false;
  }

  private void failed(Throwable cause) {
    if (!failing) {
      LOG.log(WARNING, "use by key cannot be reported now: " + cause);
    }
    failing = true;
  }
}
