package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.ServedModel;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The models that can be asked for. Safe from any thread. */
public interface Models {
  /** The model of that id, as last seen. */
  Optional<ServedModel> find(String id);

  /** All models as last seen, each id once. */
  List<ServedModel> models();

  /**
   * The same as a caller sees them.
   *
   * @param names those it may ask for; null for every model
   */
  default Models seenBy(@Nullable Set<String> names) {
    return names == null ? this : new SeenModels(this, names);
  }

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
