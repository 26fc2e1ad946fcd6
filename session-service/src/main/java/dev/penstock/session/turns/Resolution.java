package dev.penstock.session.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a turn runs with, once everybody has been asked: the request, the session, the agent, the
 * default; a turn on an earlier one asks that turn in the place of session and agent.
 *
 * @param instruction system text; the request's wins over the session's, that over the agent's
 */
record Resolution(
    String model,
    @Nullable String agent,
    GenerationOptions options,
    @Nullable String instruction,
    AnswerForm form,
    List<Turn.Warning> warnings) {

  /** What a session says for all its turns. */
  record Inherited(
      @Nullable String model,
      @Nullable String agent,
      GenerationOptions options,
      @Nullable String instruction) {
    /** Nothing. */
    static final Inherited NONE = new Inherited(null, null, GenerationOptions.NONE, null);
  }

  /**
   * Resolves a new question.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code agent_not_found} if the request
   *     names an unknown agent, {@code model_not_found} if its caller may not ask the model
   */
  static Resolution ofQuestion(Accept accept, Inherited session) {
    if (accept.agent() != null && !accept.agents().containsKey(accept.agent())) {
      throw Failure.of(FailureCode.AGENT_NOT_FOUND, "No agent has this name.").asException();
    }
    var warnings = new ArrayList<>(accept.warnings());
    var name = accept.agent() != null ? accept.agent() : session.agent();
    var agent = name == null ? null : accept.agents().get(name);
    if (name != null && agent == null) {
      warnings.add(
          new Turn.Warning(
              "agent_not_found", "The session's agent is not configured; it is left out."));
      name = null;
    }
    var model = accept.model() != null ? accept.model() : session.model();
    if (model == null && agent != null) {
      model = agent.model();
    }
    var options = accept.options().over(session.options());
    return new Resolution(
            model != null ? model : accept.defaultModel(),
            name,
            agent == null ? options : options.over(agent.options()),
            instruction(accept, session, agent, null),
            accept.form(),
            warnings)
        .within(accept.models());
  }

  /** Resolves a regenerated or continued turn, which runs with the earlier one's settings. */
  static Resolution onBasis(Accept accept, Inherited session, StoredTurn basis) {
    var earlier = basis.turn();
    var agent = earlier.agent() == null ? null : accept.agents().get(earlier.agent());
    return new Resolution(
            accept.model() != null ? accept.model() : earlier.model(),
            earlier.agent(),
            accept.options().over(earlier.options()),
            instruction(accept, session, agent, basis.instruction()),
            earlier.form(),
            accept.warnings())
        .within(accept.models());
  }

  /**
   * The same, if the request's caller may have it answered by that model.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code model_not_found}, as of a model
   *     that nobody serves
   */
  private Resolution within(@Nullable Set<String> models) {
    if (models != null && !models.contains(model)) {
      throw Failure.of(FailureCode.MODEL_NOT_FOUND, "No model of that name is served here.")
          .asException();
    }
    return this;
  }

  private static @Nullable String instruction(
      Accept accept,
      Inherited session,
      Accept.@Nullable AgentDefaults agent,
      @Nullable String earlier) {
    if (accept.instruction() != null) {
      return accept.instruction();
    }
    if (session.instruction() != null) {
      return session.instruction();
    }
    return agent != null ? agent.instruction() : earlier;
  }
}
