package dev.penstock.kit.problem;

import static java.lang.System.Logger.Level.ERROR;

import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.log.LogIds;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns a failed request into bytes, in one place.
 *
 * <p>The service says what a failure means; this handler says how it looks. Once a response has
 * begun, no status is left to change and the connection is cut, so that nothing torn passes for
 * whole. Failures nobody mapped are logged with the request id and told as {@code internal}.
 */
public final class ProblemHandler implements Handler<RoutingContext> {
  private static final System.Logger LOG = System.getLogger(ProblemHandler.class.getName());

  private final Function<Throwable, Optional<Problem>> mapping;
  private final BiFunction<RoutingContext, Problem, Envelope> envelope;

  /** How a problem is written in one dialect. */
  public record Envelope(String contentType, io.vertx.core.buffer.Buffer body) {}

  /** Renders {@code application/problem+json}. */
  public ProblemHandler(Function<Throwable, Optional<Problem>> mapping) {
    this(
        mapping,
        (ctx, problem) ->
            new Envelope("application/problem+json", problem.toJson(RequestId.of(ctx)).toBuffer()));
  }

  /** Renders another dialect's envelope over the same decision. */
  public ProblemHandler(
      Function<Throwable, Optional<Problem>> mapping,
      BiFunction<RoutingContext, Problem, Envelope> envelope) {
    this.mapping = mapping;
    this.envelope = envelope;
  }

  @Override
  public void handle(RoutingContext ctx) {
    var response = ctx.response();
    if (response.ended() || response.closed() || ctx.failure() instanceof HttpClosedException) {
      return;
    }
    if (response.headWritten()) {
      log(ctx, "broke after its head", ctx.failure());
      response.reset();
      return;
    }
    var problem = problem(ctx);
    var rendered = envelope.apply(ctx, problem);
    response.setStatusCode(problem.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, rendered.contentType());
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.putHeader("X-Content-Type-Options", "nosniff");
    if (problem.status() == 429 || problem.status() == 503) {
      response.putHeader("Retry-After", Long.toString(problem.retryAfterSeconds()));
    }
    UnreadBody.of(ctx)
        .ifPresentOrElse(body -> body.answer(rendered.body()), () -> response.end(rendered.body()));
  }

  private Problem problem(RoutingContext ctx) {
    var failure = ctx.failure();
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    var mapped = failure == null ? Optional.<Problem>empty() : mapping.apply(failure);
    return mapped.orElseGet(() -> ofStatus(ctx, failure));
  }

  private static Problem ofStatus(RoutingContext ctx, @Nullable Throwable failure) {
    var problem = Problem.ofStatus(ctx.statusCode());
    if (problem.status() == 500) {
      log(ctx, "failed", failure);
    }
    return problem;
  }

  private static void log(RoutingContext ctx, String what, @Nullable Throwable failure) {
    LogIds.of(ctx, () -> LOG.log(ERROR, "request " + RequestId.of(ctx) + " " + what, failure));
  }
}
