package dev.penstock.gateway.gemini;

import dev.penstock.contracts.failure.FailureCode;

/**
 * The status words of this dialect's errors, each with its HTTP status (gemini-api.md section 7).
 */
enum RpcStatus {
  INVALID_ARGUMENT(400),
  OUT_OF_RANGE(400),
  FAILED_PRECONDITION(400),
  UNAUTHENTICATED(401),
  PERMISSION_DENIED(403),
  NOT_FOUND(404),
  ABORTED(409),
  RESOURCE_EXHAUSTED(429),
  INTERNAL(500),
  UNIMPLEMENTED(501),
  UNAVAILABLE(503),
  DEADLINE_EXCEEDED(504);

  private final int http;

  RpcStatus(int http) {
    this.http = http;
  }

  int http() {
    return http;
  }

  static RpcStatus of(FailureCode code) {
    return switch (code) {
      case INVALID_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, NOT_ACCEPTABLE ->
          INVALID_ARGUMENT;
      case CONTEXT_LENGTH_EXCEEDED -> OUT_OF_RANGE;
      case CANNOT_CONTINUE, NOT_LAST_TURN, VERSION_MISMATCH, IDEMPOTENCY_KEY_REUSED ->
          FAILED_PRECONDITION;
      case UNAUTHENTICATED -> UNAUTHENTICATED;
      case FORBIDDEN -> PERMISSION_DENIED;
      // Google's own servers know no 405: a path that has no such method is an unknown one.
      case NOT_FOUND, MODEL_NOT_FOUND, AGENT_NOT_FOUND, METHOD_NOT_ALLOWED -> NOT_FOUND;
      case TURN_IN_PROGRESS -> ABORTED;
      case RATE_LIMITED, QUEUE_FULL -> RESOURCE_EXHAUSTED;
      case INTERNAL, UPSTREAM_FAILED, UPSTREAM_PROTOCOL, UPSTREAM_TRUNCATED -> INTERNAL;
      case NO_CAPACITY, QUEUE_TIMEOUT, STORE_UNAVAILABLE, DRAINING -> UNAVAILABLE;
      case UPSTREAM_TIMEOUT, DEADLINE_EXCEEDED -> DEADLINE_EXCEEDED;
    };
  }
}
