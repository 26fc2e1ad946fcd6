package dev.penstock.gateway.ollama;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Models;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds models by the names Ollama clients give them: the tag may be left out, case is nothing. */
record ModelNames(Models models) {
  private static final Failure UNKNOWN_YET =
      Failure.retryAfter(
          FailureCode.NO_CAPACITY, "No inference proxy can be reached; try again soon.", 2_000);

  /** The names that the caller of a request may use. */
  ModelNames of(RoutingContext ctx) {
    return new ModelNames(models.seenBy(Caller.of(ctx).rights().models()));
  }

  /**
   * The model of that name, as last seen.
   *
   * @throws OllamaException 503 while nobody could be asked which models there are
   */
  Optional<ServedModel> find(String name) {
    if (!models.known()) {
      throw OllamaError.of(UNKNOWN_YET, name).asException();
    }
    var tagged = ModelName.withTag(name);
    return first(name::equals)
        .or(() -> first(tagged::equals))
        .or(() -> first(id -> id.equalsIgnoreCase(name) || id.equalsIgnoreCase(tagged)));
  }

  /**
   * The model of that name.
   *
   * @throws OllamaException 404 in the words of chat and generate
   */
  ServedModel require(String name) {
    return find(name).orElseThrow(() -> OllamaError.modelNotFound(name).asException());
  }

  private Optional<ServedModel> first(Predicate<String> matches) {
    return models.models().stream().filter(model -> matches.test(model.id())).findFirst();
  }
}
