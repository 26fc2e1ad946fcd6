package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gateway.answer.Answers;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;

/**
 * {@code POST /v1/responses}, streamed or whole (openai-api.md section 8). Nothing is stored: every
 * response says {@code "store":false}.
 */
final class ResponseRoutes {
  private final Answers answers;
  private final Generations generations;

  ResponseRoutes(Answers answers, Generations generations) {
    this.answers = answers;
    this.generations = generations;
  }

  void mount(Router router, OpenAiEdge edge) {
    edge.post(router, "/v1/responses", this::respond);
  }

  private void respond(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    var asked = ResponseDecoder.decode(body);
    var response = ResponseJson.next(asked.echo(), Instant.now());
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
          ctx.request(),
          generation,
          new ResponseEventEncoder(head, response, asked.oneCall(), InstantSource.system()));
    } else {
      answers.whole(
          ctx.request(),
          generation,
          new ResponseEncoder(head, response, asked.oneCall(), InstantSource.system()));
    }
  }
}
