package dev.penstock.session.leases;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.session.database.StoreUnavailableException;
import java.util.UUID;

/**
 * This process's own lease: how long it has lived decides whether it may end others' turns
 * (turns.md T-23). The id is random per process start.
 */
public final class OwnLease {
  /** How often {@link #renew} is to be called, in milliseconds. */
  public static final long RENEWAL_MS = 1000;

  private static final System.Logger LOG = System.getLogger(OwnLease.class.getName());

  private final UUID id = UUID.randomUUID();
  private final Leases leases;
  private volatile boolean renewed;

  public OwnLease(Leases leases) {
    this.leases = leases;
  }

  /** Whether the last renewal went through: as far as we know, the database is there. */
  public boolean renewed() {
    return renewed;
  }

  /** The id this process owns turns under while it ends them. */
  public UUID id() {
    return id;
  }

  /** Renews; while the store is away the lease simply runs out. */
  public void renew() {
    try {
      leases.renewOwn(id);
      renewed = true;
    } catch (StoreUnavailableException e) {
      renewed = false;
      LOG.log(WARNING, "the own lease is not renewed: " + e.getMessage());
    }
  }

  /** Ends it, so that others need not wait for it to run out. */
  public void release() {
    try {
      leases.release(id);
    } catch (StoreUnavailableException e) {
      LOG.log(WARNING, "the own lease is left to run out: " + e.getMessage());
    }
  }
}
