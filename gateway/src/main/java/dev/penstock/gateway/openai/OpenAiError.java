package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.kit.problem.Problem;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A failure as OpenAI clients read it, {@code {"error":{"message":…,"type":…,"param":…,"code":…}}},
 * all four members always there (openai-api.md section 2).
 *
 * @param param the request member at fault, as in {@code messages[0].content}
 * @param retryAfterMs also sent as {@code Retry-After} in whole seconds; null where waiting does
 *     not help
 * @param retry whether the same request is worth sending again; official clients obey it
 */
record OpenAiError(
    int status,
    @Nullable String code,
    String message,
    @Nullable String param,
    @Nullable Long retryAfterMs,
    boolean retry) {

  private static final long DEFAULT_RETRY_AFTER_MS = 1_000;

  /** A 400 about {@code param}. */
  static OpenAiError invalid(@Nullable String param, String message) {
    return new OpenAiError(400, null, message, param, null, false);
  }

  /** A 400 about a member that exists and is not offered here. */
  static OpenAiError unsupported(String param, String message) {
    return new OpenAiError(400, "unsupported_parameter", message, param, null, false);
  }

  static OpenAiError of(Failure failure) {
    var code = failure.code();
    var status = code == FailureCode.IDEMPOTENCY_KEY_REUSED ? 409 : code.status();
    return new OpenAiError(
        status,
        code(code),
        failure.detail(),
        param(code),
        retryAfter(status, failure.retryable(), failure.retryAfterMs()),
        // Who asks again after a deadline makes the model do all of it again.
        failure.retryable() && code != FailureCode.DEADLINE_EXCEEDED);
  }

  static OpenAiError of(Problem problem) {
    var retry = problem.status() == 429 || problem.status() >= 500;
    return new OpenAiError(
        problem.status(),
        code(FailureCode.of(problem.code())),
        problem.detail(),
        null,
        retryAfter(problem.status(), retry, problem.retryAfterMs()),
        retry);
  }

  String type() {
    if (status == 429) {
      return "rate_limit_error";
    }
    return status < 500 ? "invalid_request_error" : "server_error";
  }

  /** {@code Retry-After}: official clients refuse or ignore more than 30. */
  long retryAfterSeconds() {
    return retryAfterMs == null ? 1 : Math.clamp((retryAfterMs + 999) / 1000, 1, 30);
  }

  /** The JSON document, on one line. */
  Buffer json() {
    var json = Buffer.buffer(160).appendString("{\"error\":{\"message\":");
    JsonString.append(json, message).appendString(",\"type\":\"").appendString(type());
    literal(json.appendString("\",\"param\":"), param);
    return literal(json.appendString(",\"code\":"), code).appendString("}}");
  }

  private static Buffer literal(Buffer out, @Nullable String text) {
    return text == null ? out.appendString("null") : JsonString.append(out, text);
  }

  private static @Nullable Long retryAfter(int status, boolean retryable, @Nullable Long after) {
    if (!retryable || (status != 429 && status != 503)) {
      return null;
    }
    return after == null ? DEFAULT_RETRY_AFTER_MS : after;
  }

  private static @Nullable String param(FailureCode code) {
    return switch (code) {
      case MODEL_NOT_FOUND -> "model";
      case CONTEXT_LENGTH_EXCEEDED -> "messages";
      default -> null;
    };
  }

  private static @Nullable String code(FailureCode code) {
    return switch (code) {
      case CONTEXT_LENGTH_EXCEEDED, MODEL_NOT_FOUND, IDEMPOTENCY_KEY_REUSED -> code.wire();
      case UNAUTHENTICATED -> "invalid_api_key";
      case TURN_IN_PROGRESS -> "conversation_locked";
      case RATE_LIMITED, QUEUE_FULL -> "rate_limit_exceeded";
      case UPSTREAM_FAILED, UPSTREAM_PROTOCOL, UPSTREAM_TRUNCATED -> "upstream_error";
      case UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED -> "upstream_timeout";
      case NO_CAPACITY, QUEUE_TIMEOUT, STORE_UNAVAILABLE, DRAINING -> "overloaded";
      case INVALID_REQUEST,
          FORBIDDEN,
          NOT_FOUND,
          AGENT_NOT_FOUND,
          METHOD_NOT_ALLOWED,
          NOT_ACCEPTABLE,
          CANNOT_CONTINUE,
          NOT_LAST_TURN,
          VERSION_MISMATCH,
          PAYLOAD_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          INTERNAL ->
          null;
    };
  }
}
