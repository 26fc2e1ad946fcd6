package dev.penstock.simulator.engine;

import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.wire.KeepAlive;
import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps models in memory as Ollama's scheduler does (ollama-api.md sections 8 and 12): one load at
 * a time, a bounded queue for those who need one, no queue for a model that is there, unloading
 * after the last user has left and its keep-alive has passed. Confined to one event loop.
 */
public final class Scheduler {
  private final Vertx vertx;
  private final Occupancy occupancy;
  private final int slots;
  private final int savedPrompts;
  private final int maxQueue;
  private final Duration defaultKeepAlive;
  private final Duration loadTime;
  private final Map<String, Resident> residents = new LinkedHashMap<>();
  private final Deque<Lease> queue = new ArrayDeque<>();
  private @Nullable Lease loading;
  private long loadTimer;

  /**
   * @param slots per model
   * @param savedPrompts texts that each model remembers beside its slots
   * @param maxQueue requests that may wait for a load besides the one being loaded for
   */
  public Scheduler(
      Vertx vertx,
      Occupancy occupancy,
      int slots,
      int savedPrompts,
      int maxQueue,
      Duration defaultKeepAlive,
      Duration loadTime) {
    this.vertx = vertx;
    this.occupancy = occupancy;
    this.slots = slots;
    this.savedPrompts = savedPrompts;
    this.maxQueue = maxQueue;
    this.defaultKeepAlive = defaultKeepAlive;
    this.loadTime = loadTime;
  }

  /** One request's use of a model, from the wait for its load on. */
  public final class Lease {
    private final SimulatedModel model;
    private final @Nullable Duration keepAlive;
    private final Consumer<Lease> loaded;
    private @Nullable Resident resident;
    private boolean released;

    private Lease(SimulatedModel model, @Nullable Duration keepAlive, Consumer<Lease> loaded) {
      this.model = model;
      this.keepAlive = keepAlive;
      this.loaded = loaded;
    }

    /** The model in memory; known from the call of {@code loaded} on. */
    public Resident resident() {
      return Objects.requireNonNull(resident, "not loaded yet");
    }

    /**
     * Ends the use; once only. A load that nobody else has begun to wait for at its place is given
     * up with it, as Ollama does when the client that caused it leaves.
     */
    public void release() {
      if (released) {
        return;
      }
      released = true;
      if (resident != null) {
        left(resident);
      } else if (loading == this) {
        vertx.cancelTimer(loadTimer);
        loading = null;
        loadNext();
      } else if (queue.remove(this)) {
        occupancy.waitingForLoad.decrementAndGet();
      }
    }
  }

  /**
   * Calls {@code loaded} when the model is in memory, at once if it is.
   *
   * @throws OllamaError 503 if the model needs a load and too many wait for one
   */
  public Lease lease(SimulatedModel model, @Nullable Duration keepAlive, Consumer<Lease> loaded) {
    var lease = new Lease(model, keepAlive, loaded);
    var resident = residents.get(model.name());
    if (resident != null) {
      grant(lease, resident);
    } else if (loading == null) {
      load(lease);
    } else if (queue.size() < maxQueue) {
      queue.add(lease);
      occupancy.waitingForLoad.incrementAndGet();
    } else {
      throw OllamaError.busy();
    }
    return lease;
  }

  /** Unloads the model as soon as nobody uses it. */
  public void expire(SimulatedModel model) {
    var resident = residents.get(model.name());
    if (resident != null) {
      resident.keepAlive(Duration.ZERO, Instant.now());
      if (resident.idle()) {
        unload(resident);
      }
    }
  }

  /** The models in memory. */
  public Collection<Resident> residents() {
    return List.copyOf(residents.values());
  }

  /** Requests that wait for a load to begin. */
  public int waitingForLoad() {
    return queue.size();
  }

  /** The name of the model that is being loaded; null for none. */
  public @Nullable String loadingModel() {
    return loading == null ? null : loading.model.name();
  }

  private void load(Lease lease) {
    loading = lease;
    if (loadTime.isZero()) {
      loaded(lease);
    } else {
      loadTimer = vertx.setTimer(loadTime.toMillis(), _ -> loaded(lease));
    }
  }

  private void loaded(Lease lease) {
    loading = null;
    var keepAlive = lease.keepAlive == null ? defaultKeepAlive : lease.keepAlive;
    var itsSlots = new Slots(lease.model.slots(slots), occupancy, savedPrompts);
    var resident = new Resident(lease.model, itsSlots, keepAlive, Instant.now());
    residents.put(lease.model.name(), resident);
    grant(lease, resident);
    loadNext();
  }

  private void loadNext() {
    while (loading == null && !queue.isEmpty()) {
      var next = queue.remove();
      occupancy.waitingForLoad.decrementAndGet();
      var resident = residents.get(next.model.name());
      if (resident == null) {
        load(next);
      } else {
        grant(next, resident);
      }
    }
  }

  private void grant(Lease lease, Resident resident) {
    lease.resident = resident;
    resident.use();
    stopTimer(resident);
    if (lease.keepAlive != null) {
      resident.keepAlive(lease.keepAlive, Instant.now());
    }
    lease.loaded.accept(lease);
  }

  private void left(Resident resident) {
    if (!resident.leave()) {
      return;
    }
    if (resident.keepAlive().isZero()) {
      unload(resident);
    } else {
      var forever = resident.keepAlive().equals(KeepAlive.FOREVER);
      var wait = Math.max(1, resident.keepAlive().toMillis());
      resident.restFrom(Instant.now(), forever ? -1 : vertx.setTimer(wait, _ -> unload(resident)));
    }
  }

  private void unload(Resident resident) {
    stopTimer(resident);
    residents.remove(resident.model().name(), resident);
  }

  private void stopTimer(Resident resident) {
    var timer = resident.takeTimer();
    if (timer != -1) {
      vertx.cancelTimer(timer);
    }
  }
}
