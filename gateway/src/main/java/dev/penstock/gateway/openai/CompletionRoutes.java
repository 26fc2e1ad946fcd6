package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.inference.ModelCatalog;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;

/**
 * {@code POST /v1/chat/completions} and {@code POST /v1/completions}, streamed or whole
 * (openai-api.md sections 4 and 6). Nothing is stored.
 */
final class CompletionRoutes {
  private final Answers answers;
  private final ModelCatalog models;
  private final Generations generations;

  CompletionRoutes(Answers answers, ModelCatalog models, Generations generations) {
    this.answers = answers;
    this.models = models;
    this.generations = generations;
  }

  void mount(Router router, OpenAiEdge edge) {
    edge.post(router, "/v1/chat/completions", this::chat);
    edge.post(router, "/v1/completions", this::complete);
  }

  private void chat(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    var asked = ChatCompletionDecoder.decode(body);
    var facts = models.find(asked.model()).map(ServedModel::facts).orElse(ModelFacts.UNKNOWN);
    var suspecting = head.suspecting(Suspect.of(asked, facts));
    var completion = CompletionId.next("chatcmpl-", asked.model(), Instant.now());
    var generation =
        generations.of(
            ctx,
            asked.model(),
            asked.messages(),
            asked.options(),
            asked.form(),
            asked.affinity(),
            asked.stream());
    if (asked.stream()) {
      answers.stream(
          ctx,
          generation,
          new ChatChunkEncoder(suspecting, completion, asked.includeUsage(), asked.oneCall()));
    } else {
      answers.whole(
          ctx, generation, new ChatCompletionEncoder(suspecting, completion, asked.oneCall()));
    }
  }

  /** The model's own template is put around the prompt, as around one user's message. */
  private void complete(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    var asked = CompletionDecoder.decode(body);
    var completion = CompletionId.next("cmpl-", asked.model(), Instant.now());
    var generation =
        generations.of(
            ctx,
            asked.model(),
            List.of(new ChatMessage(Role.USER, asked.prompt())),
            asked.options(),
            AnswerForm.PLAIN,
            asked.affinity(),
            asked.stream());
    if (asked.stream()) {
      answers.stream(
          ctx, generation, new CompletionChunkEncoder(head, completion, asked.includeUsage()));
    } else {
      answers.whole(ctx, generation, new CompletionEncoder(head, completion));
    }
  }
}
