package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.DefaultModel;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.request.RequestHash;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.turns.Begun;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Begins runs: each is a turn of its session, which interrupts one that is still answered and is
 * cancelled when its client has been away for the configured grace.
 */
final class Runs {
  private static final Duration DEADLINE = Duration.ofMinutes(15);

  private final Turns turns;
  private final SessionStore store;
  private final Apps apps;
  private final AdkConfig config;
  private final DefaultModel defaultModel;

  Runs(
      Turns turns,
      SessionStore store,
      Models models,
      Apps apps,
      AdkConfig config,
      @Nullable String defaultModel) {
    this.turns = turns;
    this.store = store;
    this.apps = apps;
    this.config = config;
    this.defaultModel = new DefaultModel(defaultModel, models);
  }

  /**
   * Begins the turn that a request asks for.
   *
   * @return fails as {@link Turns#begin} does, with 404 for an unknown app or session
   */
  Future<Begun> begin(RoutingContext ctx, JsonNode body, RunRequest request) {
    apps.require(request.session().app());
    var caller = Caller.of(ctx);
    var key = IdempotencyKey.of(ctx.request());
    var hash = RequestHash.of("POST", ctx.request().path(), body);
    var accept = accept(caller, request, key, hash);
    return turns
        .begin(caller, accept, Dialect.ADK)
        .recover(
            cause -> {
              if (!Sessions.isUnknown(cause)) {
                return Future.failedFuture(cause);
              }
              return config.autoCreateSession()
                  ? store
                      .createAgentSession(caller, created(request.session()))
                      .compose(_ -> turns.begin(caller, accept, Dialect.ADK))
                  : Future.failedFuture(AdkException.noSession());
            });
  }

  private static AgentSession.Create created(AgentSession.Key key) {
    return new AgentSession.Create(
        key, key.app(), null, JsonNodeFactory.instance.objectNode(), List.of());
  }

  private Accept accept(Caller caller, RunRequest request, IdempotencyKey key, String hash) {
    var app = request.session().app();
    var delta = request.stateDelta();
    return new Accept(
        turns.instance(),
        new Accept.Place.InAgentSession(request.session()),
        List.of(new MessageDraft(new ChatMessage(Role.USER, request.text()), beside(request))),
        null,
        app,
        GenerationOptions.NONE,
        null,
        AnswerForm.PLAIN,
        metadata(request),
        new Accept.Terms(
            OnDisconnect.CANCEL,
            config.grace().toMillis(),
            Accept.OnBusy.INTERRUPT,
            DEADLINE.toMillis()),
        List.of(),
        defaultModel.under(caller.rights()),
        apps.agents().defaults(),
        key.value(),
        hash,
        delta == null ? null : new AgentSession.StateChange(app, request.session().user(), delta));
  }

  /** What is kept with the user's message. */
  private static @Nullable JsonNode beside(RunRequest request) {
    var beside = JsonNodeFactory.instance.objectNode();
    if (request.stateDelta() != null) {
      beside.set(EventJson.STATE_DELTA, Sessions.lasting(request.stateDelta()));
    }
    return metadata(request, beside);
  }

  /** What is kept with the turn. */
  private static @Nullable JsonNode metadata(RunRequest request) {
    return metadata(request, JsonNodeFactory.instance.objectNode());
  }

  private static @Nullable JsonNode metadata(RunRequest request, ObjectNode into) {
    if (request.customMetadata() != null) {
      into.set(EventJson.CUSTOM_METADATA, request.customMetadata());
    }
    return into.isEmpty() ? null : into;
  }
}
