package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ServedModel;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Models as a caller sees them who may ask for some only: the others are not there.
 *
 * @param names those it may ask for
 */
record SeenModels(Models all, Set<String> names) implements Models {
  @Override
  public Optional<ServedModel> find(String id) {
    return names.contains(id) ? all.find(id) : Optional.empty();
  }

  @Override
  public List<ServedModel> models() {
    return all.models().stream().filter(model -> names.contains(model.id())).toList();
  }

  /** The default if it is one of them, else any. */
  @Override
  public Optional<ServedModel> defaultModel() {
    return all.defaultModel()
        .filter(model -> names.contains(model.id()))
        .or(() -> models().stream().findFirst());
  }

  @Override
  public boolean known() {
    return all.known();
  }

  @Override
  public Future<ServedModel> probe(String id) {
    return names.contains(id)
        ? all.probe(id)
        : Future.failedFuture(
            Failure.of(FailureCode.MODEL_NOT_FOUND, "No model of that name is served here.")
                .asException());
  }
}
