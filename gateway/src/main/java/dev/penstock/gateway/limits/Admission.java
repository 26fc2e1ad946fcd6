package dev.penstock.gateway.limits;

import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Generator;
import dev.penstock.gateway.inference.Models;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one way from an accepted request to a model: through its caller's limits. One per event loop,
 * confined to it.
 */
public final class Admission {
  /** An answer that ends after a few words is of use to nobody. */
  private static final int LEAST_ANSWER = 64;

  /** Where neither the request nor the model says how long an answer may be. */
  private static final int USUAL_ANSWER = 1_024;

  private final CallerLimits limits;
  private final Generator generator;
  private final Models models;

  /** Call on the event loop of {@code generator}. */
  public Admission(CallerLimits limits, Generator generator, Models models) {
    this.limits = limits;
    this.generator = generator;
    this.models = models;
  }

  /** Decides on an answer that is stored nowhere. */
  public Decision admit(Caller caller, GenerationRequest request) {
    var asked = request.options().maxTokens();
    return limits.admit(
        caller, this, PromptEstimate.of(request.messages()), leastAnswer(caller, asked));
  }

  /** Decides on a turn by what its request brings; its history is charged when it is known. */
  public Decision admit(Caller caller, Accept accept) {
    var said = accept.input().stream().map(MessageDraft::said).toList();
    var asked = accept.options().maxTokens();
    return limits.admit(caller, this, PromptEstimate.of(said), leastAnswer(caller, asked));
  }

  /** Decides on a call for embeddings. */
  public Decision admit(Caller caller, EmbeddingsRequest request) {
    return limits.admit(caller, this, PromptEstimate.ofTexts(request.inputs()), 0);
  }

  /** A turn that another instance had accepted: it goes on whatever is left. */
  public Grant takeOver(Caller caller) {
    return limits.take(caller, this);
  }

  /** Of no account: for what begins nothing. */
  public Grant none(Caller caller) {
    return new Grant(this, limits, caller, List.of(), 0);
  }

  Generator generator() {
    return generator;
  }

  /** How many tokens an answer may have at most, for all that is known. */
  @Nullable Integer longestAnswer(Caller caller, @Nullable Integer asked) {
    var capped = limits.outputTokens(caller);
    return asked == null || (capped != null && capped < asked) ? capped : asked;
  }

  /** How many tokens are reserved for an answer that may have {@code longest}. */
  long usualAnswer(String model, @Nullable Integer longest) {
    return longest != null
        ? longest
        : models.find(model).map(ServedModel::maxOutputTokens).orElse(USUAL_ANSWER);
  }

  private int leastAnswer(Caller caller, @Nullable Integer asked) {
    var longest = longestAnswer(caller, asked);
    return longest == null ? LEAST_ANSWER : Math.min(LEAST_ANSWER, longest);
  }
}
