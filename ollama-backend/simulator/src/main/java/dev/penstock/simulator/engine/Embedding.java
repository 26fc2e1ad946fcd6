package dev.penstock.simulator.engine;

import dev.penstock.simulator.catalog.SimulatedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call for embeddings: waits for its model, then has every input read in a slot of its own, as
 * many at once as there are. Confined to one event loop.
 */
public final class Embedding {
  private final Engine engine;
  private final SimulatedModel model;
  private final @Nullable Duration keepAlive;
  private final List<Integer> inputTokens;
  private final LongConsumer done;
  private final List<Slots.Hold> holds = new ArrayList<>();
  private final List<Pacer.Wake> wakes = new ArrayList<>();
  private Scheduler.@Nullable Lease lease;
  private long startedAt;
  private long loadNanos;
  private int left;
  private boolean over;

  /**
   * @param inputTokens length of each input; none only loads the model
   * @param done told how long the model took to be there, once all inputs are read
   */
  public Embedding(
      Engine engine,
      SimulatedModel model,
      @Nullable Duration keepAlive,
      List<Integer> inputTokens,
      LongConsumer done) {
    this.engine = engine;
    this.model = model;
    this.keepAlive = keepAlive;
    this.inputTokens = inputTokens;
    this.done = done;
  }

  /**
   * Asks for the model; all else follows.
   *
   * @throws dev.penstock.simulator.wire.OllamaError 503 if too many wait for a load
   */
  public void start() {
    startedAt = System.nanoTime();
    var asked = engine.scheduler.lease(model, keepAlive, this::loaded);
    if (lease == null) {
      lease = asked;
    }
  }

  /** The client has left. */
  public void cancel() {
    if (!over) {
      end();
    }
  }

  private void loaded(Scheduler.Lease granted) {
    lease = granted;
    loadNanos = System.nanoTime() - startedAt;
    left = inputTokens.size();
    if (left == 0) {
      finish();
    }
    for (var tokens : inputTokens) {
      holds.add(granted.resident().slots().acquire("", held -> admitted(held, tokens)));
    }
  }

  private void admitted(Slots.Hold held, int tokens) {
    if (over) {
      held.release("");
      return;
    }
    var at = System.nanoTime() + engine.prefillNanos(tokens);
    wakes.add(
        engine.pacer.at(
            at,
            _ -> {
              held.release("");
              left--;
              if (left == 0) {
                finish();
              }
            }));
  }

  private void finish() {
    end();
    done.accept(loadNanos);
  }

  private void end() {
    over = true;
    wakes.forEach(Pacer.Wake::cancel);
    holds.forEach(held -> held.release(""));
    if (lease != null) {
      lease.release();
    }
  }
}
