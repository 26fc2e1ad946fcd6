package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Models;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a client asks for into a generation.
 *
 * @param models those that are served
 * @param config how long an answer may take
 */
record Generations(Models models, AnswerConfig config) {
  /**
   * A generation on behalf of the request's caller.
   *
   * @param affinity the caller's key for prompts that share a beginning, unhashed; null for none
   */
  GenerationRequest of(
      RoutingContext ctx,
      String model,
      List<ChatMessage> messages,
      GenerationOptions options,
      AnswerForm form,
      @Nullable String affinity,
      boolean stream) {
    var tenant = Caller.of(ctx).tenant();
    var deadline = stream ? config.streamDeadline() : config.wholeDeadline();
    return new GenerationRequest(
        tenant,
        affinity == null ? null : AffinityKey.of(tenant, affinity),
        model,
        messages,
        thinkable(model, options),
        false,
        Priority.INTERACTIVE,
        deadline.toMillis(),
        form);
  }

  /** Clients send an effort to every model; one that cannot think ignores it. */
  GenerationOptions thinkable(String model, GenerationOptions options) {
    var thinks = models.find(model).map(ServedModel::thinks).orElse(true);
    return thinks ? options : options.withThink(null);
  }
}
