package dev.penstock.proxy.relay;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.drain.Readiness;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /generations}: a {@link GenerationRequest} in, server-sent generation events out. A
 * refusal before the first event is an HTTP problem with the failure's own status.
 */
public final class GenerationsHandler implements Handler<RoutingContext> {
  private static final int MAX_LOGPROBS = 20;

  private final Vertx vertx;
  private final RelayServices services;
  private final Readiness readiness;

  public GenerationsHandler(Vertx vertx, RelayServices services, Readiness readiness) {
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
    new GenerationRelay(ctx, request, services, vertx.getOrCreateContext()).begin();
  }

  private static GenerationRequest request(Buffer body) {
    GenerationRequest request;
    try {
      request = Wire.decode(body == null ? Buffer.buffer() : body, GenerationRequest.class);
    } catch (Wire.MalformedWireException e) {
      throw invalid("The body must be a generation request.");
    }
    if (request.model() == null || request.model().isBlank()) {
      throw invalid("model must name a model.");
    }
    if (request.messages() == null || request.messages().isEmpty()) {
      throw invalid("messages must hold at least one message.");
    }
    for (var message : request.messages()) {
      if (message == null || message.role() == null || message.text() == null) {
        throw invalid("Each message must have a role and a text.");
      }
    }
    if (request.deadlineMs() <= 0) {
      throw invalid("deadline_ms must be more than 0.");
    }
    var logprobs = request.form().logprobs();
    if (logprobs != null && (logprobs < 0 || logprobs > MAX_LOGPROBS)) {
      throw invalid("logprobs must be from 0 to " + MAX_LOGPROBS + ".");
    }
    var options = request.options() == null ? GenerationOptions.NONE : request.options();
    var maxTokens = options.maxTokens();
    if (maxTokens != null && maxTokens < 1) {
      throw invalid("max_tokens must be at least 1.");
    }
    return new GenerationRequest(
        request.tenant() == null ? "default" : request.tenant(),
        request.conversation(),
        request.model(),
        request.messages(),
        options,
        request.continuesAnswer(),
        request.priority() == null ? Priority.DEFAULT : request.priority(),
        request.deadlineMs(),
        request.form());
  }

  private static FailureException invalid(String detail) {
    return Failure.of(FailureCode.INVALID_REQUEST, detail).asException();
  }
}
