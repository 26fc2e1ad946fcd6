package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.limits.Embedder;
import dev.penstock.gojson.GoStruct;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/embed} and the older {@code POST /api/embeddings} (ollama-api.md section 9). A
 * client that leaves cancels.
 */
final class EmbeddingRoutes {
  private static final String UNABLE =
      "This server does not support embeddings. Start it with `--embeddings`";

  private final ModelNames names;
  private final Embedder embedder;
  private final Duration deadline;

  EmbeddingRoutes(ModelNames names, Embedder embedder, Duration deadline) {
    this.names = names;
    this.embedder = embedder;
    this.deadline = deadline;
  }

  void mount(Router router, Handler<RoutingContext> bodies) {
    router.post("/api/embed").handler(bodies).handler(this::embed);
    router.post("/api/embeddings").handler(bodies).handler(this::legacy);
  }

  private void embed(RoutingContext ctx) {
    var accepted = System.nanoTime();
    var body = GoStruct.parse("EmbedRequest", Bodies.of(ctx).getBytes());
    var model = body.text("model");
    var dimensions = body.number("dimensions");
    KeepAlive.isZero(body.find("keep_alive"));
    var asked =
        new Asked(
            model,
            inputs(body.find("input")),
            dimensions < 1 ? null : dimensions,
            body.flag("truncate", true),
            501);
    answer(ctx, asked, made -> EmbeddingDocuments.batch(model, made, System.nanoTime() - accepted));
  }

  private void legacy(RoutingContext ctx) {
    var body = GoStruct.parse("EmbeddingRequest", Bodies.of(ctx).getBytes());
    var prompt = StorableText.of(body.text("prompt"));
    KeepAlive.isZero(body.find("keep_alive"));
    var inputs = prompt.isEmpty() ? List.<String>of() : List.of(prompt);
    answer(
        ctx,
        new Asked(body.text("model"), inputs, null, true, 500),
        made -> EmbeddingDocuments.single(made.vectors()));
  }

  private void answer(RoutingContext ctx, Asked asked, Function<Embeddings, Buffer> document) {
    var served =
        names
            .of(ctx)
            .find(asked.model())
            .orElseThrow(() -> asked.error(FailureCode.MODEL_NOT_FOUND));
    if (served.facts().lacks(Capability.EMBEDDING)) {
      throw asked.unable();
    }
    var call =
        embedder.embed(
            Caller.of(ctx),
            new EmbeddingsRequest(
                Caller.of(ctx).tenant(),
                served.id(),
                asked.inputs(),
                asked.dimensions(),
                asked.truncate(),
                Priority.DEFAULT,
                deadline.toMillis()));
    ctx.response()
        .closeHandler(
            _ -> {
              if (!call.vectors().isComplete()) {
                call.cancel();
              }
            });
    call.vectors()
        // Megabytes of numbers would hold up every stream of the event loop.
        .compose(made -> ctx.vertx().executeBlocking(() -> document.apply(made), false))
        .onSuccess(json -> Replies.json(ctx.response(), json))
        .onFailure(cause -> ctx.fail(asked.worded(cause)));
  }

  /** One text or several; an empty one alone only loads the model. */
  private static List<String> inputs(@Nullable JsonNode input) {
    if (input == null || (input.isTextual() && input.textValue().isEmpty())) {
      return List.of();
    }
    if (!input.isTextual() && !input.isArray()) {
      throw OllamaException.badRequest("invalid input type");
    }
    var inputs = new ArrayList<String>();
    for (var each : input.isArray() ? input : List.of(input)) {
      if (!each.isTextual()) {
        throw OllamaException.badRequest("invalid input type");
      }
      if (each.textValue().isEmpty()) {
        throw OllamaException.badRequest("input must not hold empty texts");
      }
      inputs.add(StorableText.of(each.textValue()));
    }
    return inputs;
  }

  /**
   * @param unableStatus what the route says of a model that only chats
   */
  private record Asked(
      String model,
      List<String> inputs,
      @Nullable Integer dimensions,
      boolean truncate,
      int unableStatus) {

    OllamaException unable() {
      return new OllamaException(new OllamaError(unableStatus, UNABLE));
    }

    OllamaException error(FailureCode code) {
      return OllamaError.ofEmbedding(Failure.of(code, code.title()), model).asException();
    }

    Throwable worded(Throwable cause) {
      if (!(cause instanceof FailureException known)) {
        return cause;
      }
      return known.failure().code() == FailureCode.INVALID_REQUEST
          ? unable()
          : OllamaError.ofEmbedding(known.failure(), model).asException();
    }
  }
}
