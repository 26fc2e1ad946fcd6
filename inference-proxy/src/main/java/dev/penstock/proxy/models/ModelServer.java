package dev.penstock.proxy.models;

import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.ServedModel;
import io.vertx.core.Future;
import java.util.List;

/**
 * What we ask a model server beside generations. Confined to the admission's context; futures fail
 * with a {@code SetbackException}.
 */
public interface ModelServer {
  /** The name the configuration gives it; never a host. */
  String name();

  /** Where its models run. */
  default ServedModel.Kind kind() {
    return ServedModel.Kind.SELF_HOSTED;
  }

  /** All models it could load; for a person or a request that waits, so with a short time limit. */
  Future<List<InstalledModel>> installed();

  /** The models in its memory. A server that is starting may take long to answer. */
  Future<List<LoadedModel>> loaded();

  /** Completes when the model is in memory, which may take minutes. */
  Future<Void> load(String model);

  /** Whether the loaded model goes on with a trailing assistant message (turns.md T-24). */
  Future<Boolean> continues(String model);

  /** What the server tells about a model that is installed; it need not be loaded. */
  Future<ModelFacts> facts(String model);
}
