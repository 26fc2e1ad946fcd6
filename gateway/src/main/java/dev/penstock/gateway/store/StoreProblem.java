package dev.penstock.gateway.store;

import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Optional;

/** Reads session-service's problem documents back into failures. */
final class StoreProblem {
  private static final System.Logger LOG = System.getLogger(StoreProblem.class.getName());

  private StoreProblem() {}

  /** The failure a refusal tells of; {@code store_unavailable} for what is no problem document. */
  static Failure read(HttpClientResponse response, Buffer body) {
    return document(body)
        .map(StoreProblem::failure)
        .orElseGet(
            () -> {
              LOG.log(WARNING, "session-service answered " + response.statusCode());
              return Failure.retryAfter(
                  FailureCode.STORE_UNAVAILABLE,
                  "Sessions cannot be reached now; try again.",
                  1000);
            });
  }

  private static Optional<JsonNode> document(Buffer body) {
    try {
      return Optional.of(Wire.decode(body, JsonNode.class)).filter(node -> node.has("code"));
    } catch (Wire.MalformedWireException e) {
      return Optional.empty();
    }
  }

  private static Failure failure(JsonNode problem) {
    var code = FailureCode.of(problem.get("code").asText());
    var retryAfter = problem.path("retry_after_ms");
    return new Failure(
        code,
        problem.path("detail").asText(code.title()),
        code.retryable(),
        retryAfter.isIntegralNumber() ? retryAfter.longValue() : null);
  }
}
