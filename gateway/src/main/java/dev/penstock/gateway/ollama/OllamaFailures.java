package dev.penstock.gateway.ollama;

import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gojson.GoJsonException;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;

/**
 * Failures under {@code /api} in Ollama's form: {@code {"error":"…"}}, and for paths and methods
 * that do not exist the plain text of its router.
 */
final class OllamaFailures implements Handler<RoutingContext> {
  private final ProblemHandler problems =
      new ProblemHandler(OllamaFailures::problem, OllamaFailures::envelope);

  @Override
  public void handle(RoutingContext ctx) {
    problems.handle(ctx);
  }

  private static Optional<Problem> problem(Throwable thrown) {
    return switch (thrown) {
      case OllamaException known -> Optional.of(problem(known.error()));
      case GoJsonException known -> Optional.of(problem(new OllamaError(400, known.text())));
      case FailureException known -> Optional.of(problem(OllamaError.told(known.failure())));
      default -> Optional.empty();
    };
  }

  private static Problem problem(OllamaError error) {
    return new Problem(error.status(), "ollama", "", error.text(), error.retryAfterMs(), Map.of());
  }

  private static ProblemHandler.Envelope envelope(RoutingContext ctx, Problem problem) {
    if (ctx.failure() == null && problem.status() == 404) {
      return text("404 page not found");
    }
    if (problem.status() == 405) {
      return text("405 method not allowed");
    }
    var text = problem.status() == 413 ? "http: request body too large" : problem.detail();
    return new ProblemHandler.Envelope(
        Replies.JSON.toString(), new OllamaError(problem.status(), text).json());
  }

  private static ProblemHandler.Envelope text(String text) {
    return new ProblemHandler.Envelope("text/plain", Buffer.buffer(text));
  }
}
