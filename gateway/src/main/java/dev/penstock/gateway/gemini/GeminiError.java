package dev.penstock.gateway.gemini;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.gateway.authentication.Unauthenticated;
import dev.penstock.kit.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * A failure as Gemini clients read it, {@code {"error":{"code":…,"message":…,"status":…,
 * "details":[…]}}} (gemini-api.md section 7).
 *
 * @param field path of the member at fault, as in {@code contents[0].parts[1].text}; told in a
 *     {@code BadRequest} detail
 * @param retryAfterMs told in a {@code RetryInfo} detail, in words and as {@code Retry-After}, all
 *     in whole seconds; null where waiting does not help
 * @param reason told in an {@code ErrorInfo} detail; null for none
 */
record GeminiError(
    RpcStatus status,
    String message,
    @Nullable String field,
    @Nullable Long retryAfterMs,
    @Nullable String reason) {

  static final String JSON = "application/json; charset=UTF-8";

  private static final long DEFAULT_RETRY_AFTER_MS = 1_000;
  private static final String TYPES = "type.googleapis.com/google.rpc.";

  /** A 400 about a member. */
  static GeminiError invalid(String field, String expected) {
    return new GeminiError(
        RpcStatus.INVALID_ARGUMENT,
        "Invalid value at '" + field + "': it must be " + expected + ".",
        field,
        null,
        null);
  }

  static GeminiError of(RpcStatus status, String message) {
    return new GeminiError(status, message, null, null, null);
  }

  static GeminiError of(Failure failure) {
    return failure.retryable()
        ? of(failure.code(), failure.detail(), failure.retryAfterMs())
        : of(RpcStatus.of(failure.code()), failure.detail());
  }

  static GeminiError of(Problem problem) {
    return of(FailureCode.of(problem.code()), problem.detail(), problem.retryAfterMs());
  }

  /** What somebody is told whose credential is missing or not valid (gemini-api.md section 2). */
  static GeminiError of(Unauthenticated kind) {
    return switch (kind) {
      case NOTHING -> of(RpcStatus.PERMISSION_DENIED, Unauthenticated.FAILURE.detail());
      case KEY ->
          new GeminiError(
              RpcStatus.INVALID_ARGUMENT,
              "API key not valid. Please pass a valid API key.",
              null,
              null,
              "API_KEY_INVALID");
      case TOKEN -> of(RpcStatus.UNAUTHENTICATED, Unauthenticated.FAILURE.detail());
    };
  }

  /** Answers with this; only while no head was written. */
  void answer(HttpServerResponse response) {
    response.setStatusCode(status.http()).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    if (retryAfterMs != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds()));
    }
    response.end(json());
  }

  /** The JSON document, on one line, {@code error} its first key. */
  Buffer json() {
    var json = Buffer.buffer(192).appendString("{\"error\":{\"code\":" + status.http());
    JsonString.append(json.appendString(",\"message\":"), words())
        .appendString(",\"status\":\"" + status + "\"");
    if (retryAfterMs != null) {
      json.appendString(",\"details\":[{\"@type\":\"" + TYPES + "RetryInfo\",\"retryDelay\":\"")
          .appendString(retryAfterSeconds() + "s\"}]");
    } else if (reason != null) {
      json.appendString(
              ",\"details\":[{\"@type\":\"" + TYPES + "ErrorInfo\",\"reason\":\"" + reason)
          .appendString("\",\"domain\":\"googleapis.com\"}]");
    } else if (field != null) {
      json.appendString(",\"details\":[{\"@type\":\"" + TYPES + "BadRequest\"")
          .appendString(",\"fieldViolations\":[{\"field\":");
      JsonString.append(json, field).appendString(",\"description\":");
      JsonString.append(json, message).appendString("}]}]");
    }
    return json.appendString("}}");
  }

  /** The Gemini CLI reads the delay from the details or from these words. */
  private String words() {
    return retryAfterMs == null
        ? message
        : message + " Please retry in " + retryAfterSeconds() + "s.";
  }

  private long retryAfterSeconds() {
    return retryAfterMs == null ? 1 : Math.clamp((retryAfterMs + 999) / 1000, 1, 30);
  }

  private static GeminiError of(FailureCode code, String message, @Nullable Long retryAfterMs) {
    var status = RpcStatus.of(code);
    var shedding = status == RpcStatus.RESOURCE_EXHAUSTED || status == RpcStatus.UNAVAILABLE;
    @Nullable Long told =
        retryAfterMs == null ? Long.valueOf(DEFAULT_RETRY_AFTER_MS) : retryAfterMs;
    return new GeminiError(status, message, null, shedding ? told : null, null);
  }
}
