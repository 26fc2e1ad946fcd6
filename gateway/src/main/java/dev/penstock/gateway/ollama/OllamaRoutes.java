package dev.penstock.gateway.ollama;

import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.limits.Embedder;
import io.vertx.ext.web.Router;
import java.time.InstantSource;

/**
 * Everything under {@code /api}, and what Ollama's own clients look for at {@code /} (ollama-api.md
 * section 3). One per verticle instance, confined to its event loop.
 */
public final class OllamaRoutes {
  private final ModelNames names;
  private final Embedder embedder;
  private final Answers answers;
  private final AnswerConfig config;

  /** Routes whose answers are {@code answers}' and whose embeddings are {@code embedder}'s. */
  public OllamaRoutes(
      Answers answers, Embedder embedder, ModelCatalog models, AnswerConfig config) {
    this.names = new ModelNames(models);
    this.embedder = embedder;
    this.answers = answers;
    this.config = config;
  }

  /** Adds the routes; call before {@code /} gets its answer for everybody else. */
  public void mount(Router router) {
    var clock = InstantSource.system();
    var bodies = new Bodies(config.maxBodyBytes());
    router.route("/api/*").failureHandler(new OllamaFailures());
    new CompletionRoutes(names, answers, config, clock).mount(router, bodies);
    new EmbeddingRoutes(names, embedder, config.wholeDeadline()).mount(router, bodies);
    new ModelRoutes(names, clock).mount(router, bodies);
    new LibraryRoutes(names).mount(router, bodies);
  }
}
