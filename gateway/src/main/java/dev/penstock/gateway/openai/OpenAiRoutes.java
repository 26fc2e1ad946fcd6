package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Accept;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.limits.Embedder;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.store.TurnStore;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.http.RequestId;
import io.vertx.ext.web.Router;
import java.util.Map;

/**
 * The OpenAI dialect's routes, but for {@code GET /v1/models}, which is also the native API's. One
 * per verticle instance, confined to its event loop.
 */
public final class OpenAiRoutes {
  private static final Failure NOT_DELETED =
      Failure.of(FailureCode.FORBIDDEN, "Models cannot be deleted here.");

  private final OpenAiEdge edge;
  private final CompletionRoutes completions;
  private final ConversationRoutes conversations;
  private final ResponseRoutes responses;
  private final StoredResponseRoutes storedResponses;
  private final EmbeddingRoutes embeddings;

  /**
   * What the dialect keeps, and with whose help.
   *
   * @param agents what the agents of conversations add
   */
  public record Kept(
      Turns turns,
      TurnStore turnStore,
      SessionStore sessions,
      Map<String, Accept.AgentDefaults> agents) {}

  /** Routes whose answers are {@code answers}', or {@code kept}'s turns. */
  public OpenAiRoutes(
      Answers answers,
      Embedder embedder,
      ModelCatalog models,
      Readiness readiness,
      AnswerConfig config,
      Kept kept) {
    this.edge = new OpenAiEdge(config.maxBodyBytes());
    var generations = new Generations(models, config);
    this.completions = new CompletionRoutes(answers, models, generations);
    var items = new ItemFinder(kept.sessions.items());
    this.conversations = new ConversationRoutes(kept.sessions, items);
    var stored = new StoredAnswer(kept.turns);
    var acceptance = new ResponseAcceptance(kept.turns.instance(), generations, kept.agents);
    this.responses =
        new ResponseRoutes(answers, generations, kept.turns, acceptance, stored, items);
    this.storedResponses = new StoredResponseRoutes(kept.turns, kept.turnStore, stored);
    this.embeddings = new EmbeddingRoutes(embedder, readiness, config.wholeDeadline());
  }

  /** Adds the routes; {@link RequestId} and the {@link Caller} must come before them. */
  public void mount(Router router) {
    completions.mount(router, edge);
    conversations.mount(router, edge);
    responses.mount(router, edge);
    storedResponses.mount(router, edge);
    embeddings.mount(router, edge);
    router
        .delete("/v1/models/*")
        .handler(ctx -> ctx.fail(NOT_DELETED.asException()))
        .failureHandler(edge::failed);
    edge.mountFailures(router);
  }
}
