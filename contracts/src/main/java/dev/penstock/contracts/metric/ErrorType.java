package dev.penstock.contracts.metric;

import dev.penstock.contracts.failure.FailureCode;

/** The words of the label {@code error_type}: few, and the same in every service. */
public final class ErrorType {
  /** What has no word of its own. */
  public static final String OTHER = "_OTHER";

  /** A model server that could not be connected to. */
  public static final String BACKEND_CONNECT = "backend_connect";

  /** The client closed its connection. */
  public static final String CLIENT_DISCONNECT = "client_disconnect";

  /** The client asked to stop. */
  public static final String CANCELLED = "cancelled";

  private ErrorType() {}

  /**
   * The word for a failure.
   *
   * @param begun whether a token had come before
   */
  public static String of(FailureCode code, boolean begun) {
    return switch (code) {
      case INVALID_REQUEST,
          CONTEXT_LENGTH_EXCEEDED,
          METHOD_NOT_ALLOWED,
          NOT_ACCEPTABLE,
          UNSUPPORTED_MEDIA_TYPE ->
          "invalid_request";
      case UNAUTHENTICATED -> "unauthenticated";
      case FORBIDDEN -> "forbidden";
      case NOT_FOUND, MODEL_NOT_FOUND, AGENT_NOT_FOUND -> "not_found";
      case TURN_IN_PROGRESS,
          CANNOT_CONTINUE,
          NOT_LAST_TURN,
          VERSION_MISMATCH,
          IDEMPOTENCY_KEY_REUSED ->
          "conflict";
      case PAYLOAD_TOO_LARGE -> "payload_too_large";
      case RATE_LIMITED -> "rate_limited";
      case QUEUE_FULL -> "queue_full";
      case QUEUE_TIMEOUT -> "queue_timeout";
      case NO_CAPACITY -> "no_backend";
      case UPSTREAM_FAILED -> "backend_status_5xx";
      case UPSTREAM_TRUNCATED -> "backend_truncated";
      case UPSTREAM_TIMEOUT -> begun ? "idle_timeout" : "first_token_timeout";
      case DEADLINE_EXCEEDED -> "deadline";
      case DRAINING -> "draining";
      case STORE_UNAVAILABLE -> "store_unavailable";
      case INTERNAL, UPSTREAM_PROTOCOL -> OTHER;
    };
  }
}
