package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.Priority;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Where generations and embeddings apply for a slot, from any event loop: finds the model's
 * upstreams, waits for a slot, has the model loaded, and only then grants.
 */
public final class AdmissionDesk {
  /** No turn has longer (turns.md T-7). */
  private static final long MOST_MS = 3_600_000;

  private final Executor control;
  private final Admission admission;
  private final ModelDirectory directory;
  private final Preparation preparation;
  private final LongSupplier clock;

  /**
   * How many generations an upstream runs at once.
   *
   * @param shared one address stands for several servers, so that it holds no prefixes
   */
  public record Capacity(String upstream, int slots, boolean shared) {}

  /**
   * A desk whose admission lives on {@code control}.
   *
   * @param clock monotonic milliseconds
   * @param newQueue told of each model somebody asks for, once
   */
  public AdmissionDesk(
      Executor control,
      List<Capacity> capacities,
      AdmissionLimits limits,
      ModelDirectory directory,
      Preparation preparation,
      LongSupplier clock,
      Consumer<String> newQueue) {
    this.control = control;
    this.directory = directory;
    this.preparation = preparation;
    this.clock = clock;
    this.admission =
        new Admission(
            capacities.stream()
                .map(each -> new UpstreamSlots(each.upstream(), each.slots(), each.shared()))
                .toList(),
            limits,
            clock,
            newQueue);
  }

  /**
   * Applies for a slot.
   *
   * @param home runs what the recipient hears, in order
   */
  public Application apply(Work work, Executor home, Recipient recipient) {
    var application = new Application(this, work, home, recipient);
    control.execute(
        () -> {
          var deadline = clock.getAsLong() + Math.min(work.deadlineMs(), MOST_MS);
          directory.place(work.model()).onComplete(placed -> application.located(placed, deadline));
        });
    return application;
  }

  /** Moves what time alone moves; to be called on the control context every 100 ms. */
  public void tick() {
    admission.tick();
  }

  /** Generations waiting for a model. Safe from any thread. */
  public int waiting(String model) {
    return admission.waiting(model);
  }

  /** Generations of one class that wait for a model. Safe from any thread. */
  public int waiting(String model, Priority priority) {
    return admission.waiting(model, priority);
  }

  /** Length of the prompts of one class that wait for a model. Safe from any thread. */
  public long waitingChars(String model, Priority priority) {
    return admission.waitingChars(model, priority);
  }

  /** Slots of an upstream in use. Safe from any thread. */
  public int slotsLent(String upstream) {
    return admission.upstream(upstream).lent();
  }

  /** Whether an upstream is not ejected. Safe from any thread. */
  public boolean reachable(String upstream) {
    return !admission.upstream(upstream).health().down();
  }

  Executor control() {
    return control;
  }

  Admission admission() {
    return admission;
  }

  ModelDirectory directory() {
    return directory;
  }

  Preparation preparation() {
    return preparation;
  }

  long now() {
    return clock.getAsLong();
  }
}
