package dev.penstock.simulator.http;

import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.engine.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request that only wants its model in memory. */
final class Loading {
  private final Scheduler scheduler;
  private final Runnable loaded;
  private Scheduler.@Nullable Lease lease;

  Loading(Scheduler scheduler, Runnable loaded) {
    this.scheduler = scheduler;
    this.loaded = loaded;
  }

  void start(SimulatedModel model, @Nullable Duration keepAlive) {
    lease =
        scheduler.lease(
            model,
            keepAlive,
            granted -> {
              granted.release();
              loaded.run();
            });
  }

  /** The client has left; its load is given up. */
  void cancel() {
    if (lease != null) {
      lease.release();
    }
  }
}
