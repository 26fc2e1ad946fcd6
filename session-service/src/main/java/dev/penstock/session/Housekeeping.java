package dev.penstock.session;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.session.database.StoreUnavailableException;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Jobs that return from time to time. A job never runs twice at once: its next turn is set when it
 * has ended. Confined to the verticle that owns it.
 */
final class Housekeeping {
  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

  private static final long RETRY_MS = 500;

  private final Vertx vertx;
  private boolean stopped;

  Housekeeping(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Runs {@code job} now, and again while it says no or the store is away, since a database may
   * start beside us.
   *
   * @throws StoreUnavailableException if the store still is away after {@code limit}
   * @throws IllegalStateException if the job still says no by then
   * @throws ConfigurationException if the database has not the schema
   */
  void untilDone(Duration limit, BooleanSupplier job) {
    var end = System.nanoTime() + limit.toNanos();
    while (!done(job, System.nanoTime() - end >= 0)) {
      vertx.timer(RETRY_MS).await();
    }
  }

  private static boolean done(BooleanSupplier job, boolean last) {
    try {
      var done = job.getAsBoolean();
      if (!done && last) {
        throw new IllegalStateException("the store was not ready in time");
      }
      return done;
    } catch (StoreUnavailableException e) {
      if (last) {
        throw e;
      }
      LOG.log(WARNING, "waiting for the store: " + e.getMessage());
      return false;
    } catch (PgException e) {
      throw schemaIsMissing(e)
          ? new ConfigurationException(
              "DATABASE_URL names a database without our schema: run session-service migrate")
          : e;
    }
  }

  // Undefined role, schema or table.
  private static boolean schemaIsMissing(PgException e) {
    return List.of("22023", "3F000", "42P01").contains(e.getSqlState());
  }

  /** Runs {@code job} on a virtual thread, {@code periodMs} after it ended the last time. */
  void every(long periodMs, String name, Runnable job) {
    vertx.setTimer(
        periodMs,
        _ -> {
          if (stopped) {
            return;
          }
          try {
            job.run();
          } catch (StoreUnavailableException e) {
            if (!stopped) {
              LOG.log(WARNING, name + ": the store is unavailable: " + e.getMessage());
            }
          } catch (RuntimeException e) {
            LOG.log(ERROR, name + " failed", e);
          }
          every(periodMs, name, job);
        });
  }

  /** No job begins any more. */
  void stop() {
    stopped = true;
  }
}
