package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.ServedModel;
import io.vertx.core.Future;
import java.util.Optional;

/** The models that can be asked for. Safe from any thread. */
public interface Models {
  /** The model of that id, as last seen. */
  Optional<ServedModel> find(String id);

  /** The model of requests that name none; empty while no proxy serves any. */
  Optional<ServedModel> defaultModel();

  /**
   * Whether any proxy has answered since the start; until then an absent model is not an unknown
   * one.
   */
  boolean known();

  /**
   * Finds out whether the model continues an answer (turns.md T-24), which may load it first.
   *
   * @return what is known then; fails with a {@code FailureException} if nobody could tell
   */
  Future<ServedModel> probe(String id);
}
