package dev.penstock.proxy.relay;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.drain.Readiness;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * {@code POST /embeddings}: an {@link EmbeddingsRequest} in, {@code Embeddings} out. A failure is
 * an HTTP problem with its own status.
 */
public final class EmbeddingsHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final RelayServices services;
  private final Readiness readiness;

  public EmbeddingsHandler(Vertx vertx, RelayServices services, Readiness readiness) {
    this.vertx = vertx;
    this.services = services;
    this.readiness = readiness;
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (readiness.isDraining()) {
      throw Failure.retryAfter(
              FailureCode.DRAINING, "This instance is shutting down; try again.", 1_000)
          .asException();
    }
    var request = request(ctx.body().buffer());
    new EmbeddingRelay(ctx, request, services, vertx.getOrCreateContext()).begin();
  }

  private EmbeddingsRequest request(Buffer body) {
    EmbeddingsRequest request;
    try {
      request = Wire.decode(body == null ? Buffer.buffer() : body, EmbeddingsRequest.class);
    } catch (Wire.MalformedWireException e) {
      throw invalid("The body must be a request for embeddings.");
    }
    if (request.model() == null || request.model().isBlank()) {
      throw invalid("model must name a model.");
    }
    var maxInputs = services.embeddingLimits().maxInputs();
    if (request.inputs().size() > maxInputs) {
      throw invalid("inputs must hold at most " + maxInputs + " texts.");
    }
    var dimensions = request.dimensions();
    if (dimensions != null && dimensions < 1) {
      throw invalid("dimensions must be at least 1.");
    }
    if (request.deadlineMs() <= 0) {
      throw invalid("deadline_ms must be more than 0.");
    }
    return new EmbeddingsRequest(
        Objects.requireNonNullElse(request.tenant(), "default"),
        request.model(),
        request.inputs(),
        dimensions,
        request.truncate(),
        Objects.requireNonNullElse(request.priority(), Priority.DEFAULT),
        request.deadlineMs());
  }

  private static FailureException invalid(String detail) {
    return Failure.of(FailureCode.INVALID_REQUEST, detail).asException();
  }
}
