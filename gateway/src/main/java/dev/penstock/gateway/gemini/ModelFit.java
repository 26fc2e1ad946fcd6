package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.gateway.inference.Models;

/**
 * Leaves out of a request what this dialect's clients say to every model and its server would
 * refuse (gemini-api.md sections 3.4 and 3.5).
 */
record ModelFit(Models models) {
  /** The same request for a model that is not known. */
  GenerationRequest to(GenerationRequest request) {
    return models.find(request.model()).map(model -> fitted(request, model)).orElse(request);
  }

  private static GenerationRequest fitted(GenerationRequest request, ServedModel model) {
    var form = request.form();
    // Only managed models can be made to call; for the others it is the best effort asked for.
    if (form.toolChoice() instanceof ToolChoice.Required
        && model.kind() == ServedModel.Kind.SELF_HOSTED) {
      form = form.withTools(form.tools(), ToolChoice.AUTO);
    }
    var options = request.options();
    if (!model.thinks()) {
      form = form.withThoughts(false);
      options = options.withThink(null);
    }
    return new GenerationRequest(
        request.tenant(),
        request.conversation(),
        request.model(),
        request.messages(),
        options,
        request.continuesAnswer(),
        request.priority(),
        request.deadlineMs(),
        form);
  }
}
