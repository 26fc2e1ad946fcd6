package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.limits.Admission;
import dev.penstock.gateway.limits.PromptEstimate;
import dev.penstock.gateway.metrics.LoopMeter;
import dev.penstock.gateway.store.TurnStore;
import java.util.List;
import java.util.UUID;

/** What owned turns of one event loop work with. */
record OwnerLoop(
    TurnLoop loop,
    TurnsConfig config,
    UUID instance,
    TurnStore store,
    Admission admission,
    Models models,
    TurnRegistry registry,
    Follower follower,
    LoopMeter meter) {
  /** What the proxy is asked for. */
  GenerationRequest request(Accept.Assignment assignment, Caller caller, TurnClock clock) {
    var turn = assignment.turn();
    var conversation = turn.sessionId() == null ? turn.id() : turn.sessionId();
    return new GenerationRequest(
        caller.tenant(),
        conversation.toString(),
        turn.model(),
        assignment.history(),
        bounded(turn),
        assignment.prefix() != null,
        Priority.INTERACTIVE,
        clock.remainingMs(),
        turn.form());
  }

  private GenerationOptions bounded(Turn turn) {
    var options = turn.options();
    var asked = options.maxTokens();
    return models
        .find(turn.model())
        .map(
            model ->
                options.withMaxTokens(
                    asked == null
                        ? model.maxOutputTokens()
                        : Math.min(asked, model.maxOutputTokens())))
        .orElse(options);
  }

  /** Our own count where the model server gave none (T-40). */
  static Usage estimate(List<ChatMessage> history, int deltas) {
    return new Usage(Math.toIntExact(PromptEstimate.of(history)), deltas, true);
  }
}
