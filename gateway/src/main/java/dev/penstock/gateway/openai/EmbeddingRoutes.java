package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.limits.Embedder;
import dev.penstock.kit.drain.Readiness;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code POST /v1/embeddings} (openai-api.md section 7). A client that closes its connection ends
 * the call.
 */
final class EmbeddingRoutes {
  private static final Failure DRAINING =
      Failure.retryAfter(FailureCode.DRAINING, "This instance is shutting down; try again.", 1_000);

  /** As the proxies say it of a model that nobody has. */
  private static final Failure UNKNOWN_MODEL =
      Failure.of(FailureCode.MODEL_NOT_FOUND, "No model server here has this model.");

  private final Embedder embedder;
  private final Readiness readiness;
  private final Duration deadline;

  /**
   * @param deadline for the whole call, its time in the queue included
   */
  EmbeddingRoutes(Embedder embedder, Readiness readiness, Duration deadline) {
    this.embedder = embedder;
    this.readiness = readiness;
    this.deadline = deadline;
  }

  void mount(Router router, OpenAiEdge edge) {
    edge.post(router, "/v1/embeddings", this::embed);
  }

  private void embed(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now().suspecting("model");
    var asked = EmbeddingDecoder.decode(body);
    if (readiness.isDraining()) {
      throw DRAINING.asException();
    }
    if (!Caller.of(ctx).rights().cover(asked.model())) {
      throw UNKNOWN_MODEL.asException();
    }
    var call =
        embedder.embed(
            Caller.of(ctx),
            new EmbeddingsRequest(
                Caller.of(ctx).tenant(),
                asked.model(),
                asked.inputs(),
                asked.dimensions(),
                false,
                Priority.INTERACTIVE,
                deadline.toMillis()));
    ctx.response().closeHandler(_ -> call.cancel());
    ctx.response().exceptionHandler(_ -> call.cancel());
    call.vectors()
        // Megabytes of numbers would hold up every stream of the event loop.
        .compose(
            vectors ->
                ctx.vertx()
                    .executeBlocking(
                        () -> EmbeddingEncoder.encode(asked.model(), vectors, asked.base64()),
                        false))
        .onSuccess(
            json -> {
              if (!ctx.response().closed()) {
                head.document(ctx.response());
                ctx.response().end(json);
              }
            })
        .onFailure(cause -> refuse(ctx, head, cause));
  }

  private static void refuse(RoutingContext ctx, ResponseHead head, Throwable cause) {
    if (cause instanceof FailureException known) {
      head.refuse(ctx.response(), known.failure());
    } else {
      ctx.fail(cause);
    }
  }
}
