package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.proxy.generation.ModelTraits;
import io.vertx.core.Future;
import java.util.function.Consumer;

/**
 * Has models loaded where they are about to be used. Confined to the admission's context. What it
 * has begun it ends, whoever still waits for it (turns.md T-39).
 */
public interface Preparation {
  /**
   * Completes when the model is loaded; fails with a {@code SetbackException}.
   *
   * @param progress told what is being waited for, if it takes time; not after completion
   */
  Future<ModelTraits> prepare(String upstream, String model, Consumer<QueuePlace> progress);

  /** The model has just answered there, so it is loaded. */
  void answered(String upstream, String model);
}
