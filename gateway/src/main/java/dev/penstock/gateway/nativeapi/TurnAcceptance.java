package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.agent.Agent;
import dev.penstock.gateway.agent.Agents;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.DefaultModel;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.store.TurnStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a checked request into what session-service accepts: with the model and agent it names
 * known here, and its options checked against the model that will answer.
 */
final class TurnAcceptance {
  private final UUID instance;
  private final TurnStore store;
  private final Models models;
  private final Agents agents;
  private final DefaultModel defaultModel;

  /**
   * @param configuredModel the model of requests that name none; null leaves it to the proxies
   */
  TurnAcceptance(
      UUID instance,
      TurnStore store,
      Models models,
      Agents agents,
      @Nullable String configuredModel) {
    this.instance = instance;
    this.store = store;
    this.models = models;
    this.agents = agents;
    this.defaultModel = new DefaultModel(configuredModel, models);
  }

  /** A new turn of a session. */
  Future<Accept> turn(
      Caller caller, UUID session, TurnRequest request, IdempotencyKey key, String hash) {
    requireAgent(request.agent());
    return model(
            caller,
            request,
            () -> store.session(caller, session).map(known -> modelOf(caller, known, request)))
        .map(
            model ->
                accept(caller, new Accept.Place.InSession(session), request, model, key, hash));
  }

  /** A turn that answers an earlier one again, or goes on with its answer. */
  Future<Accept> basedOn(
      Caller caller,
      Accept.Place.OnTurn basis,
      TurnRequest request,
      IdempotencyKey key,
      String hash) {
    return model(caller, request, () -> store.turn(caller, basis.turnId()).map(Turn::model))
        .map(model -> accept(caller, basis, request, model, key, hash));
  }

  /** The model that will answer, where it is known and something depends on it. */
  private Future<Optional<ServedModel>> model(
      Caller caller, TurnRequest request, java.util.function.Supplier<Future<String>> inherited) {
    if (request.model() != null) {
      return served(caller, request.model(), request);
    }
    var options = request.options();
    return options.maxTokens() == null && !thinks(request)
        ? Future.succeededFuture(Optional.empty())
        : inherited.get().compose(model -> served(caller, model, request));
  }

  private Future<Optional<ServedModel>> served(Caller caller, String id, TurnRequest request) {
    var model = models.seenBy(caller.rights().models()).find(id);
    if (model.isPresent()) {
      request.check(model.get());
    } else if (models.known()) {
      throw Failure.of(FailureCode.MODEL_NOT_FOUND, "No model of that name is served here.")
          .asException();
    }
    return Future.succeededFuture(model);
  }

  private String modelOf(Caller caller, Session session, TurnRequest request) {
    if (session.model() != null) {
      return session.model();
    }
    var agent = request.agent() != null ? request.agent() : session.agent();
    return Optional.ofNullable(agent)
        .flatMap(agents::find)
        .map(Agent::model)
        .orElseGet(() -> defaultModel.under(caller.rights()));
  }

  private Accept accept(
      Caller caller,
      Accept.Place place,
      TurnRequest request,
      Optional<ServedModel> model,
      IdempotencyKey key,
      String hash) {
    return new Accept(
        instance,
        place,
        request.text() == null
            ? List.of()
            : List.of(MessageDraft.of(new ChatMessage(Role.USER, request.text()))),
        request.model(),
        request.agent(),
        request.options(),
        null,
        AnswerForm.PLAIN,
        null,
        new Accept.Terms(
            request.onDisconnect(),
            request.disconnectGraceMs(),
            request.onBusy(),
            request.deadlineMs()),
        model.map(served -> warnings(served, request)).orElse(List.of()),
        request.model() != null ? request.model() : defaultModel.under(caller.rights()),
        agents.defaults(),
        key.value(),
        hash);
  }

  private static List<Turn.Warning> warnings(ServedModel model, TurnRequest request) {
    return thinks(request) && !model.thinks()
        ? List.of(
            new Turn.Warning(
                "think_ignored", "The model cannot think, so options.think has no effect."))
        : List.of();
  }

  private static boolean thinks(TurnRequest request) {
    var think = request.options().think();
    return think != null && think != Think.OFF;
  }

  private void requireAgent(@Nullable String name) {
    if (name != null && agents.find(name).isEmpty()) {
      throw Failure.of(FailureCode.AGENT_NOT_FOUND, "No agent of that name is known here.")
          .asException();
    }
  }
}
