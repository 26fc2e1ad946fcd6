package dev.penstock.proxy.admission;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.proxy.generation.ModelTraits;
import java.util.Optional;

/**
 * What a request needs of its model. A model whose server does not tell what it can do is let try.
 */
final class Requirements {
  private Requirements() {}

  static Optional<Failure> unmet(GenerationRequest request, ModelTraits traits) {
    var facts = traits.facts();
    if (facts.lacks(Capability.COMPLETION)) {
      return cannot("This model makes embeddings and cannot answer; choose another one.");
    }
    if (!request.form().offeredTools().isEmpty() && facts.lacks(Capability.TOOLS)) {
      return cannot("This model cannot call tools; send none or choose another model.");
    }
    var shows = request.messages().stream().anyMatch(message -> !message.images().isEmpty());
    if (shows && facts.lacks(Capability.VISION)) {
      return cannot("This model cannot see images; send none or choose another model.");
    }
    return request.continuesAnswer() && !traits.continues()
        ? Optional.of(
            Failure.of(
                FailureCode.CANNOT_CONTINUE,
                "This model starts a new answer instead of continuing one; regenerate it."))
        : Optional.empty();
  }

  static Optional<Failure> unmetByEmbedding(ModelFacts facts) {
    return facts.lacks(Capability.EMBEDDING)
        ? cannot("This model makes no embeddings; choose one that does.")
        : Optional.empty();
  }

  private static Optional<Failure> cannot(String detail) {
    return Optional.of(Failure.of(FailureCode.INVALID_REQUEST, detail));
  }
}
