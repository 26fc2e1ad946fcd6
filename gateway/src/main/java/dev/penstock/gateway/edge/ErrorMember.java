package dev.penstock.gateway.edge;

import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Problem documents that OpenAI clients read too: on the paths they may take for OpenAI's, the
 * member {@code error} says the same in their form (native-api.md section 5).
 */
final class ErrorMember {
  private static final String MODELS = "/v1/models";

  private ErrorMember() {}

  /** Renders a problem; with {@code error} where the path is unknown, or lists models. */
  static ProblemHandler.Envelope beside(RoutingContext ctx, Problem problem) {
    var json = problem.toJson(RequestId.of(ctx));
    if (shared(ctx, problem)) {
      json.put("error", error(problem));
    }
    return new ProblemHandler.Envelope("application/problem+json", json.toBuffer());
  }

  private static boolean shared(RoutingContext ctx, Problem problem) {
    // As sent: a path that cannot be normalized is a failure, too.
    var path = ctx.request().path();
    return path.startsWith(MODELS)
        || ((path.equals("/v1") || path.startsWith("/v1/"))
            && problem.status() == 404
            && ctx.failure() == null);
  }

  private static JsonObject error(Problem problem) {
    return new JsonObject()
        .put("message", problem.detail())
        .put("type", problem.status() < 500 ? "invalid_request_error" : "server_error")
        .put("param", null)
        .put("code", problem.status() == 401 ? "invalid_api_key" : problem.code());
  }
}
